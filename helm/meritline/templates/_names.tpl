{{/* What things are called. Names leave room for "-migrate-12345678" below the 63 characters of a label. */}}

{{- define "meritline.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "meritline.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 45 | trimSuffix "-" }}
{{- else if contains (include "meritline.name" .) .Release.Name }}
{{- .Release.Name | trunc 45 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "meritline.name" .) | trunc 45 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* What a selector has: never changes in the life of a release. Given (dict "root" $ "component" "api"). */}}
{{- define "meritline.selector" -}}
app.kubernetes.io/name: {{ include "meritline.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "meritline.labels" -}}
{{ include "meritline.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: meritline
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The labels of a pod: without the chart's version, which would replace every pod for nothing. */}}
{{- define "meritline.podLabels" -}}
{{ include "meritline.selector" . }}
app.kubernetes.io/part-of: meritline
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- with .values.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* An image: by its digest where one is given. Given (dict "image" .Values.image "tag" "default tag"). */}}
{{- define "meritline.image" -}}
{{- if .image.digest }}
{{- printf "%s@%s" .image.repository .image.digest }}
{{- else }}
{{- printf "%s:%s" .image.repository (default .tag .image.tag) }}
{{- end }}
{{- end }}

{{- define "meritline.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "meritline.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "meritline.migration.serviceAccountName" -}}
{{- if .Values.migration.serviceAccount.create }}
{{- default (printf "%s-migrate" (include "meritline.fullname" .)) .Values.migration.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.migration.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* The ConfigMap of one-file plugins. A hook runs before everything else is there, and brings its own. */}}
{{- define "meritline.pluginFilesName" -}}
{{- $hook := and (eq .component "migration") (eq .root.Values.migration.mode "hook") -}}
{{ include "meritline.fullname" .root }}-plugins{{ if $hook }}-migrate{{ end }}
{{- end }}
