{{- define "leadsync.devSecrets" -}}
{{- $name := include "leadsync.fullname" . -}}
postgres: "Host={{ $name }}-postgres;Database=leadsync;Username=leadsync;Password=leadsync"
rabbitmq: "amqp://leadsync:leadsync@{{ $name }}-rabbitmq:5672/"
{{ .Values.zoho.existingSecret.clientIdKey }}: "1000.LOCAL"
{{ .Values.zoho.existingSecret.clientSecretKey }}: "local-secret"
{{ .Values.zoho.existingSecret.refreshTokenKey }}: "1000.local.refresh"
{{ .Values.scheduler.console.existingSecret.key }}: "leadsync-on-a-trial"
{{- with .Values.scheduler.console.existingSecret.readKey }}
{{ . }}: "leadsync-on-a-trial"
{{- end }}
{{- end -}}

{{/* Of {root, component, port, portName, user, image, directories, container, values}: a server for a trial: one pod, which loses its data when it ends. */}}
{{- define "leadsync.devServer" -}}
{{- $name := printf "%s-%s" (include "leadsync.fullname" .root) .component -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
automountServiceAccountToken: false
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
spec:
  selector:
    {{- include "leadsync.selector" . | nindent 4 }}
  ports:
    - { name: {{ .portName }}, port: {{ .port }}, targetPort: {{ .portName }} }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
spec:
  replicas: 1
  strategy: { type: Recreate }
  selector:
    matchLabels:
      {{- include "leadsync.selector" . | nindent 6 }}
  template:
    metadata:
      {{- include "leadsync.podMetadata" . | nindent 6 }}
    spec:
      serviceAccountName: {{ $name }}
      {{- include "leadsync.podPlacement" . | nindent 6 }}
      containers:
        - name: {{ .component }}
          image: {{ .image }}
          imagePullPolicy: {{ .pullPolicy }}
          securityContext:
            {{- toYaml .values.securityContext | nindent 12 }}
          ports:
            - { name: {{ .portName }}, containerPort: {{ .port }} }
          {{- .container | nindent 10 }}
          volumeMounts:
            {{- range $volume, $path := .directories }}
            - { name: {{ $volume }}, mountPath: {{ $path }} }
            {{- end }}
      volumes:
        {{- range $volume, $path := .directories }}
        - name: {{ $volume }}
          emptyDir: { sizeLimit: {{ $.root.Values.dev.storage }} }
        {{- end }}
{{- end -}}
