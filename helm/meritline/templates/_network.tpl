{{/* What a pod may reach: names, the database, and the queue unless it is the migration. */}}

{{- define "meritline.egress" -}}
{{- with .root.Values.networkPolicy -}}
- ports:
    {{- range .dnsPorts }}
    - {protocol: UDP, port: {{ . }}}
    - {protocol: TCP, port: {{ . }}}
    {{- end }}
{{ include "meritline.egressTo" .postgres }}
{{- if ne $.component "migration" }}
{{ include "meritline.egressTo" .redis }}
{{- end }}
{{- with .extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- end }}

{{- define "meritline.egressTo" -}}
- ports:
    - {protocol: TCP, port: {{ .port }}}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "meritline.ingressFrom" -}}
- ports:
    - {protocol: TCP, port: {{ .port }}}
  {{- with .from }}
  from:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
