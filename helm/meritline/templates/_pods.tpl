{{/*
What all pods have. Given (dict "root" $ "component" "api" "values" .Values.api). Nothing here can be switched off:
no root, no writable file system but /tmp, no capabilities, no token of the cluster.
*/}}

{{- define "meritline.pod" -}}
{{- $root := .root -}}
{{- $values := .values -}}
{{- /* Service links are off: those of a Service named meritline would set MERITLINE_PORT to no number. */ -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  {{- range $name, $id := $root.Values.security }}
  {{- if not (kindIs "invalid" $id) }}
  {{ $name }}: {{ int64 $id }}
  {{- end }}
  {{- end }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with $values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.topologySpread }}
topologySpreadConstraints:
  {{- range . }}
  - topologyKey: {{ .topologyKey | quote }}
    maxSkew: {{ default 1 .maxSkew }}
    whenUnsatisfiable: {{ default "ScheduleAnyway" .whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "meritline.selector" $ | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end }}
{{- $brought := $root.Values.plugins.image }}
{{- if or $brought.repository $root.Values.extraInitContainers }}
initContainers:
  {{- if $brought.repository }}
  - name: plugins
    image: {{ include "meritline.image" (dict "image" $brought "tag" "") | quote }}
    imagePullPolicy: {{ $brought.pullPolicy }}
    command: [cp, -R, {{ printf "%s/." $brought.path | quote }}, /opt/meritline-plugins/]
    securityContext:
      {{- include "meritline.locked" $root | nindent 6 }}
    resources:
      requests: {cpu: 10m, memory: 32Mi}
      limits: {memory: 128Mi}
    volumeMounts:
      - {name: plugins, mountPath: /opt/meritline-plugins}
  {{- end }}
  {{- with $root.Values.extraInitContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
volumes:
  - name: tmp
    emptyDir: {sizeLimit: {{ $root.Values.tmp.sizeLimit | quote }}}
  {{- if $brought.repository }}
  - name: plugins
    emptyDir: {sizeLimit: 256Mi}
  {{- end }}
  {{- if $root.Values.plugins.files }}
  - name: plugin-files
    configMap: {name: {{ include "meritline.pluginFilesName" . | quote }}}
  {{- end }}
  {{- with $root.Values.database.ca }}
  {{- if .existingSecret }}
  - name: database-ca
    secret:
      secretName: {{ .existingSecret | quote }}
      items: [{key: {{ .key | quote }}, path: ca.crt}]
  {{- end }}
  {{- end }}
  {{- with $root.Values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "meritline.locked" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* What all containers of the server have. */}}
{{- define "meritline.container" -}}
{{- $root := .root -}}
image: {{ include "meritline.image" (dict "image" $root.Values.image "tag" $root.Chart.AppVersion) | quote }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
securityContext:
  {{- include "meritline.locked" $root | nindent 2 }}
resources:
  {{- toYaml .values.resources | nindent 2 }}
{{- with $root.Values.extraEnvFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
  {{- if $root.Values.plugins.image.repository }}
  - {name: plugins, mountPath: /opt/meritline-plugins, readOnly: true}
  {{- end }}
  {{- if $root.Values.plugins.files }}
  - {name: plugin-files, mountPath: /etc/meritline/plugins, readOnly: true}
  {{- end }}
  {{- if $root.Values.database.ca.existingSecret }}
  - {name: database-ca, mountPath: /etc/meritline/database-ca, readOnly: true}
  {{- end }}
  {{- with $root.Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* The environment that API, worker and migration share. */}}
{{- define "meritline.env" -}}
- {name: HOME, value: /tmp}
- {name: TMPDIR, value: /tmp}
- {name: MERITLINE_CACHE_DIR, value: /tmp/meritline}
{{- if .Values.plugins.image.repository }}
- {name: PYTHONPATH, value: /opt/meritline-plugins}
{{- end }}
{{- if .Values.plugins.files }}
- {name: MERITLINE_PLUGINS_DIR, value: /etc/meritline/plugins}
{{- end }}
{{- if .Values.database.ca.existingSecret }}
- {name: PGSSLROOTCERT, value: /etc/meritline/database-ca/ca.crt}
{{- end }}
{{- range $name, $value := .Values.settings }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The addresses that the server has and the migration has not. */}}
{{- define "meritline.addresses" -}}
- name: MERITLINE_DATABASE_URL
  valueFrom: {secretKeyRef: {name: {{ .Values.database.existingSecret | quote }}, key: {{ .Values.database.urlKey | quote }}}}
- name: MERITLINE_REDIS_URL
  valueFrom: {secretKeyRef: {name: {{ .Values.redis.existingSecret | quote }}, key: {{ .Values.redis.urlKey | quote }}}}
{{- end }}

{{/* Annotations whose change replaces the pods. */}}
{{- define "meritline.podAnnotations" -}}
{{- $all := dict -}}
{{- with .root.Values.plugins.files }}{{ $_ := set $all "checksum/plugins" (toJson . | sha256sum) }}{{ end }}
{{- with .root.Values.secretsRevision }}{{ $_ := set $all "meritline/secrets-revision" . }}{{ end }}
{{- range $name, $value := .values.podAnnotations }}{{ $_ := set $all $name $value }}{{ end }}
{{- with $all }}{{ toYaml . }}{{ end }}
{{- end }}

{{/* HTTP probe on a path: (list "/healthz" "http" .Values.api.livenessProbe). */}}
{{- define "meritline.probe" -}}
httpGet: {path: {{ index . 0 }}, port: {{ index . 1 }}}
{{ toYaml (index . 2) }}
{{- end }}
