{{/* One sentence for everything that only the operator can know, instead of a pod that waits for a Secret without a name. */}}
{{- define "leadsync.validate" -}}
{{- $missing := list -}}
{{- if not .Values.dev.enabled -}}
{{- if not .Values.publicUrl -}}{{- $missing = append $missing "publicUrl (where Zoho reaches the gateway, for example https://sync.example.org)" -}}{{- end -}}
{{- if not .Values.zoho.existingSecret.name -}}{{- $missing = append $missing "zoho.existingSecret.name" -}}{{- end -}}
{{- if not .Values.postgresql.cnpg.enabled -}}
{{- if not .Values.postgresql.existingSecret.name -}}{{- $missing = append $missing "postgresql.existingSecret.name (or postgresql.cnpg.enabled)" -}}{{- end -}}
{{- end -}}
{{- if not (or .Values.rabbitmq.existingSecret.name .Values.rabbitmq.operator.enabled) -}}{{- $missing = append $missing "rabbitmq.existingSecret.name (or rabbitmq.operator.enabled)" -}}{{- end -}}
{{- else if or .Values.postgresql.cnpg.enabled .Values.rabbitmq.operator.enabled -}}
{{- fail "dev.enabled brings its own PostgreSQL and RabbitMQ: leave postgresql.cnpg.enabled and rabbitmq.operator.enabled off, or dev.enabled" -}}
{{- end -}}
{{- if $missing -}}
{{- fail (printf "LeadSync needs to be told: %s. To only try it out, set dev.enabled=true." (join ", " $missing)) -}}
{{- end -}}
{{- range $key, $scaling := dict "gateway.autoscaling" .Values.gateway.autoscaling "projector.autoscaling" .Values.projector.autoscaling "projector.keda" .Values.projector.keda -}}
{{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) -}}
{{- fail (printf "%s: minReplicas is greater than maxReplicas" $key) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.projector.autoscaling.enabled .Values.projector.keda.enabled -}}
{{- fail "projector.autoscaling and projector.keda would both set the number of replicas: enable one of them" -}}
{{- end -}}
{{- end -}}
