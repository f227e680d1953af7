{{/* The configuration of each service: the environment variables of docs/configuration.md, and the Secrets behind them. */}}

{{- define "leadsync.settings.common" -}}
ASPNETCORE_URLS: "http://+:8080"
Database__AutoMigrate: {{ eq (include "leadsync.migrateBy" .) "start" | quote }}
Shutdown__Drain: {{ printf "00:%02d:%02d" (div (int .Values.shutdown.drainSeconds) 60) (mod (int .Values.shutdown.drainSeconds) 60) | quote }}
{{- with .Values.rabbitmq.patience }}
Bus__Patience: {{ . | quote }}
{{- end }}
{{- with .Values.telemetry.otlpEndpoint }}
OTEL_EXPORTER_OTLP_ENDPOINT: {{ . | quote }}
OTEL_EXPORTER_OTLP_PROTOCOL: {{ $.Values.telemetry.otlpProtocol | quote }}
{{- end }}
{{- end -}}

{{- define "leadsync.settings.gateway" -}}
{{ include "leadsync.settings.common" . }}
Zoho__AccountsUrl: {{ include "leadsync.zohoAccountsUrl" . | quote }}
Zoho__ApiVersion: {{ .Values.zoho.apiVersion | quote }}
{{- with include "leadsync.zohoApiUrl" . }}
Zoho__ApiUrl: {{ . | quote }}
{{- end }}
{{- with .Values.zoho.fields }}
Zoho__Fields: {{ join "," . | quote }}
{{- end }}
{{- range $key, $value := dict "Zoho__DailyCredits" .Values.zoho.dailyCredits "Zoho__CreditReserve" .Values.zoho.creditReserve "Zoho__ParallelCalls" .Values.zoho.parallelCalls }}
{{- if not (kindIs "invalid" $value) }}
{{ $key }}: {{ $value | int64 | quote }}
{{- end }}
{{- end }}
Zoho__ClientIdFile: "/run/secrets/zoho/client-id"
Zoho__ClientSecretFile: "/run/secrets/zoho/client-secret"
Zoho__RefreshTokenFile: "/run/secrets/zoho/refresh-token"
Gateway__PublicUrl: {{ include "leadsync.publicUrl" . | quote }}
Gateway__InternalUrls: "http://+:8081"
{{- with .Values.zoho.proxy }}
HTTPS_PROXY: {{ . | quote }}
{{- end }}
{{- end -}}

{{/* Who may read and start actions: both the scheduler and the projector show lead data. */}}
{{- define "leadsync.settings.access" -}}
{{- with .Values.scheduler.access }}
{{- if .trustLoopback }}
Access__TrustLoopback: "true"
{{- end }}
{{- with .hosts }}
# The release's own programs, such as the command line, use the names of the Services.
{{- $name := include "leadsync.fullname" $ }}
Access__Hosts: {{ concat . (list (printf "%s-scheduler" $name) (printf "%s-projector" $name)) | uniq | join "," | quote }}
{{- end }}
{{- with .userHeader }}
Access__UserHeader: {{ . | quote }}
{{- end }}
{{- with .trustedProxies }}
Access__TrustedProxies: {{ join "," . | quote }}
{{- end }}
{{- end }}
{{- if include "leadsync.consoleSecret" . }}
Access__ActionTokenFile: "/run/secrets/console/action-token"
{{- if .Values.scheduler.console.existingSecret.readKey }}
Access__ReadTokenFile: "/run/secrets/console/read-token"
{{- end }}
{{- end }}
{{- end -}}

{{/* The Secret with the tokens; empty when there is none. */}}
{{- define "leadsync.consoleSecret" -}}
{{- ternary (printf "%s-dev" (include "leadsync.fullname" .)) .Values.scheduler.console.existingSecret.name .Values.dev.enabled -}}
{{- end -}}

{{- define "leadsync.settings.projector" -}}
{{ include "leadsync.settings.common" . }}
{{ include "leadsync.settings.access" . }}
{{- range $key, $value := dict "Feed__KeepDays" .Values.projector.feedKeepDays "Privacy__MaskDeletedAfterDays" .Values.projector.maskDeletedAfterDays }}
{{- if not (kindIs "invalid" $value) }}
{{ $key }}: {{ $value | int64 | quote }}
{{- end }}
{{- end }}
Gateway__InternalUrl: {{ printf "http://%s-gateway:8081" (include "leadsync.fullname" .) | quote }}
{{- end -}}

{{- define "leadsync.settings.scheduler" -}}
{{ include "leadsync.settings.common" . }}
Scheduler__CatchUpInterval: {{ .Values.scheduler.catchUpInterval | quote }}
Scheduler__FullComparisonInterval: {{ .Values.scheduler.fullComparisonInterval | quote }}
Scheduler__ChannelLifetime: {{ .Values.scheduler.channelLifetime | quote }}
Scheduler__MaximumRemovalShare: {{ .Values.scheduler.maximumRemovalShare | quote }}
{{- with .Values.scheduler.console.url }}
Alerts__ConsoleUrl: {{ . | quote }}
{{- end }}
{{- with .Values.scheduler.console.tracesUrl }}
Console__TracesUrl: {{ . | quote }}
{{- end }}
{{ include "leadsync.settings.access" . }}
{{- end -}}

{{- define "leadsync.zohoAccountsUrl" -}}
{{- ternary (printf "http://%s-zoho-simulator:8080" (include "leadsync.fullname" .)) .Values.zoho.accountsUrl .Values.dev.enabled -}}
{{- end -}}

{{- define "leadsync.zohoApiUrl" -}}
{{- ternary (printf "http://%s-zoho-simulator:8080" (include "leadsync.fullname" .)) .Values.zoho.apiUrl .Values.dev.enabled -}}
{{- end -}}

{{- define "leadsync.publicUrl" -}}
{{- .Values.publicUrl | default (ternary (printf "http://%s-gateway:8080" (include "leadsync.fullname" .)) "" .Values.dev.enabled) -}}
{{- end -}}

{{/* "job": a job migrates before an upgrade. "start": each service migrates when it starts, because the release itself installs the database. */}}
{{- define "leadsync.migrateBy" -}}
{{- ternary "start" "job" .Values.dev.enabled -}}
{{- end -}}

{{/* Of {root, secret}: the connection to PostgreSQL from `secret` (existingSecret or migratorSecret). */}}
{{- define "leadsync.env.postgres" -}}
{{- $postgres := .root.Values.postgresql -}}
{{- if .root.Values.dev.enabled }}
- name: ConnectionStrings__Postgres
  valueFrom: { secretKeyRef: { name: {{ include "leadsync.fullname" .root }}-dev, key: postgres } }
{{- else }}
{{- $secret := .secret }}
- name: ConnectionStrings__Postgres
  valueFrom: { secretKeyRef: { name: {{ $secret.name | quote }}, key: {{ $secret.key | quote }} } }
{{- end }}
{{- end -}}

{{/* The Secret and key with the broker's amqp:// address. */}}
{{- define "leadsync.rabbitmqSecret" -}}
{{- if .Values.dev.enabled -}}
{ name: {{ include "leadsync.fullname" . }}-dev, key: rabbitmq }
{{- else -}}
{ name: {{ .Values.rabbitmq.existingSecret.name | quote }}, key: {{ .Values.rabbitmq.existingSecret.key | quote }} }
{{- end -}}
{{- end -}}

{{- define "leadsync.env.rabbitmq" -}}
- name: ConnectionStrings__RabbitMq
  valueFrom: { secretKeyRef: {{ include "leadsync.rabbitmqSecret" . }} }
{{- end -}}

{{/* Of {root, values}: environment variables of every program, in addition to its own settings. */}}
{{- define "leadsync.env.more" -}}
{{- if include "leadsync.hasTrustedCa" .root }}
# The first directory holds the image's own certificates, the second the CA of the values.
- { name: SSL_CERT_DIR, value: "/etc/ssl/certs:/etc/leadsync/ca" }
{{- end }}
{{- with .values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "leadsync.hasTrustedCa" -}}
{{- .Values.trustedCa.configMap | default .Values.trustedCa.secret -}}
{{- end -}}

{{/* Of {root, values, tmp}: the volumes of every program. */}}
{{- define "leadsync.volumes" -}}
- name: tmp
  emptyDir: { sizeLimit: {{ .tmp | default "64Mi" }} }
{{- with .root.Values.trustedCa }}
{{- if .configMap }}
- name: trusted-ca
  configMap: { name: {{ .configMap | quote }}, items: [{ key: {{ .key | quote }}, path: ca.crt }] }
{{- else if .secret }}
- name: trusted-ca
  secret: { secretName: {{ .secret | quote }}, defaultMode: 0444, items: [{ key: {{ .key | quote }}, path: ca.crt }] }
{{- end }}
{{- end }}
{{- with .values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "leadsync.volumeMounts" -}}
- { name: tmp, mountPath: /tmp }
{{- if include "leadsync.hasTrustedCa" .root }}
- { name: trusted-ca, mountPath: /etc/leadsync/ca, readOnly: true }
{{- end }}
{{- with .values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "leadsync.zohoVolume" -}}
- name: zoho
  secret:
    {{- if .Values.dev.enabled }}
    secretName: {{ include "leadsync.fullname" . }}-dev
    {{- else }}
    secretName: {{ .Values.zoho.existingSecret.name | quote }}
    {{- end }}
    defaultMode: 0440
    items:
      - { key: {{ .Values.zoho.existingSecret.clientIdKey | quote }}, path: client-id }
      - { key: {{ .Values.zoho.existingSecret.clientSecretKey | quote }}, path: client-secret }
      - { key: {{ .Values.zoho.existingSecret.refreshTokenKey | quote }}, path: refresh-token }
{{- end -}}

{{- define "leadsync.consoleVolume" -}}
{{- with include "leadsync.consoleSecret" . }}
- name: console
  secret:
    secretName: {{ . | quote }}
    defaultMode: 0440
    items:
      - { key: {{ $.Values.scheduler.console.existingSecret.key | quote }}, path: action-token }
      {{- with $.Values.scheduler.console.existingSecret.readKey }}
      - { key: {{ . | quote }}, path: read-token }
      {{- end }}
{{- end }}
{{- end -}}

{{- define "leadsync.consoleMount" -}}
{{- if include "leadsync.consoleSecret" . }}
- { name: console, mountPath: /run/secrets/console, readOnly: true }
{{- end }}
{{- end -}}
