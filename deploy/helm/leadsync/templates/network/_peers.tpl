{{/* Rules of NetworkPolicies. Of {root, component}: a component of this release. */}}
{{- define "leadsync.peer" -}}
podSelector:
  matchLabels:
    {{- include "leadsync.selector" . | nindent 4 }}
{{- end -}}

{{/* Of {root, components, more, port}: who may connect; everybody when no peer is named. */}}
{{- define "leadsync.ingressFrom" -}}
- ports: [{ port: {{ .port }} }]
  {{- if or .components .more }}
  from:
    {{- range .components }}
    - {{- include "leadsync.peer" (dict "root" $.root "component" .) | nindent 6 }}
    {{- end }}
    {{- range .more }}
    - {{- toYaml . | nindent 6 }}
    {{- end }}
  {{- end }}
{{- end -}}

{{- define "leadsync.egressDns" -}}
- to:
    {{- toYaml .root.Values.networkPolicy.dnsTo | nindent 4 }}
  ports:
    {{- range .root.Values.networkPolicy.dnsPorts }}
    - { port: {{ . }}, protocol: UDP }
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
{{- end -}}

{{- define "leadsync.egressPostgres" -}}
- ports: [{ port: {{ .Values.networkPolicy.postgresql.port }} }]
  {{- if .Values.dev.enabled }}
  to:
    - {{- include "leadsync.peer" (dict "root" . "component" "postgres") | nindent 6 }}
  {{- else }}
  {{- with .Values.networkPolicy.postgresql.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
{{- end -}}

{{/* Of {root, port}. */}}
{{- define "leadsync.egressRabbitmq" -}}
- ports: [{ port: {{ .port }} }]
  {{- if .root.Values.dev.enabled }}
  to:
    - {{- include "leadsync.peer" (dict "root" .root "component" "rabbitmq") | nindent 6 }}
  {{- else }}
  {{- with .root.Values.networkPolicy.rabbitmq.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
{{- end -}}

{{- define "leadsync.egressTelemetry" -}}
{{- with .Values.telemetry.otlpEndpoint }}
- ports: [{ port: {{ regexFind ":[0-9]+$" (urlParse .).host | trimPrefix ":" | default (ternary "443" "80" (hasPrefix "https" .)) }} }]
  {{- with $.Values.networkPolicy.telemetry.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Of {root, component, ingress, egress}: one component's policy. */}}
{{- define "leadsync.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "leadsync.fullname" .root }}-{{ .component }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
  {{- with .annotations }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  podSelector:
    matchLabels:
      {{- include "leadsync.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- $more := .root.Values.networkPolicy }}
  {{- with print (.ingress | default "") "\n" (include "leadsync.rules" $more.extraIngress) | trim }}
  ingress:
    {{- . | nindent 4 }}
  {{- end }}
  egress:
    {{- include "leadsync.egressDns" . | nindent 4 }}
    {{- with print (.egress | default "") "\n" (include "leadsync.rules" $more.extraEgress) | trim }}
    {{- . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* Rules that the values write out. */}}
{{- define "leadsync.rules" -}}
{{- with . }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{/* Of {to, ports}: the receivers of alerts (webhooks and a mail server) or of changes of leads. */}}
{{- define "leadsync.egressNamed" -}}
{{- with . }}
{{- if .to }}
- to:
    {{- toYaml .to | nindent 4 }}
  ports:
    {{- range .ports }}
    - { port: {{ . }} }
    {{- end }}
{{- end }}
{{- end }}
{{- end -}}
