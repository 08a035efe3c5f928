{{/*
The migration's own things. In mode hook all of them are hooks: they run before anything else of the release is there,
so they bring their service account, their network policy and their plugin files themselves; Helm removes them again
when the migration is done, and the Job when its time is up.
*/}}

{{- define "meritline.migration.annotations" -}}
{{- $all := dict -}}
{{- if eq .root.Values.migration.mode "hook" }}
{{- $_ := set $all "helm.sh/hook" "pre-install,pre-upgrade" }}
{{- $_ := set $all "helm.sh/hook-weight" (ternary "0" "-10" .job) }}
{{- $_ := set $all "helm.sh/hook-delete-policy" (ternary "before-hook-creation" "before-hook-creation,hook-succeeded" .job) }}
{{- end }}
{{- range $name, $value := .root.Values.migration.annotations }}{{ $_ := set $all $name $value }}{{ end }}
{{- range $name, $value := .annotations }}{{ $_ := set $all $name $value }}{{ end }}
{{- with $all -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "meritline.migration.template" -}}
{{- $given := dict "root" $ "component" "migration" "values" .Values.migration -}}
metadata:
  labels:
    {{- include "meritline.podLabels" $given | nindent 4 }}
  {{- with include "meritline.podAnnotations" $given }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  restartPolicy: Never
  serviceAccountName: {{ include "meritline.migration.serviceAccountName" . }}
  {{- include "meritline.pod" $given | nindent 2 }}
  containers:
    - name: migrate
      command: [meritline]
      args: [migrate]
      env:
        - name: MERITLINE_MIGRATION_DATABASE_URL
          valueFrom:
            secretKeyRef:
              name: {{ .Values.migration.database.existingSecret | quote }}
              key: {{ .Values.migration.database.urlKey | quote }}
        - {name: MERITLINE_APPLICATION_ROLE, value: {{ .Values.database.applicationRole | quote }}}
        {{- include "meritline.env" . | nindent 8 }}
      {{- include "meritline.container" $given | nindent 6 }}
{{- end }}
