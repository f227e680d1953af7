{{/* One message names every missing value. Without it, a pod would wait for a Secret without a name. */}}
{{- define "leadsync.validate" -}}
{{- $missing := list -}}
{{- if not .Values.dev.enabled -}}
{{- if not .Values.publicUrl -}}{{- $missing = append $missing "publicUrl (where Zoho reaches the gateway, for example https://sync.example.org)" -}}{{- end -}}
{{- if not (include "leadsync.imagePrefix" .) -}}{{- $missing = append $missing "image.prefix (where the images are, for example registry.example.org/leadsync)" -}}{{- end -}}
{{- if not .Values.zoho.existingSecret.name -}}{{- $missing = append $missing "zoho.existingSecret.name" -}}{{- end -}}
{{- if not .Values.postgresql.existingSecret.name -}}{{- $missing = append $missing "postgresql.existingSecret.name" -}}{{- end -}}
{{- if not .Values.rabbitmq.existingSecret.name -}}{{- $missing = append $missing "rabbitmq.existingSecret.name" -}}{{- end -}}
{{- end -}}
{{- if $missing -}}
{{- fail (printf "LeadSync needs to be told: %s. To only try it out, set dev.enabled=true." (join ", " $missing)) -}}
{{- end -}}
{{- if and (hasPrefix "http:" .Values.publicUrl) (hasPrefix "https:" .Values.zoho.accountsUrl) (not .Values.dev.enabled) -}}
{{- fail "publicUrl: Zoho calls https addresses only" -}}
{{- end -}}
{{- range $key, $scaling := dict "gateway.autoscaling" .Values.gateway.autoscaling "projector.autoscaling" .Values.projector.autoscaling "projector.keda" .Values.projector.keda -}}
{{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) -}}
{{- fail (printf "%s: minReplicas is greater than maxReplicas" $key) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.projector.autoscaling.enabled .Values.projector.keda.enabled -}}
{{- fail "projector.autoscaling and projector.keda would both set the number of replicas: enable one of them" -}}
{{- end -}}
{{- if and .Values.gateway.httpRoute.enabled (not .Values.gateway.httpRoute.parentRefs) -}}
{{- fail "gateway.httpRoute.parentRefs: name the Gateway that the route belongs to" -}}
{{- end -}}
{{- if lt (int .Values.shutdown.graceSeconds) (add (int .Values.shutdown.drainSeconds) 35) -}}
{{- fail "shutdown: graceSeconds has to be at least 35 more than drainSeconds, or pods are killed before they have finished" -}}
{{- end -}}
{{- if and .Values.trustedCa.configMap .Values.trustedCa.secret -}}
{{- fail "trustedCa: name a ConfigMap or a Secret, not both" -}}
{{- end -}}
{{- include "leadsync.validateSecrets" . -}}
{{- end -}}

{{/* When a Secret or the authority's ConfigMap is missing, a pod reports nothing, and Helm only a timeout. The check needs access to the cluster, so it runs only where a lookup finds the service account "default". */}}
{{- define "leadsync.validateSecrets" -}}
{{- if and (not .Values.dev.enabled) (lookup "v1" "ServiceAccount" .Release.Namespace "default") -}}
{{- $zoho := .Values.zoho.existingSecret -}}
{{- $needed := list (list $zoho.name $zoho.clientIdKey $zoho.clientSecretKey $zoho.refreshTokenKey) -}}
{{- with .Values.scheduler.console.existingSecret -}}
{{- if .name -}}{{- $needed = append $needed (without (list .name .key .readKey) "") -}}{{- end -}}
{{- end -}}
{{- range list .Values.postgresql.existingSecret .Values.postgresql.migratorSecret .Values.rabbitmq.existingSecret -}}
{{- if .name -}}{{- $needed = append $needed (list .name .key) -}}{{- end -}}
{{- end -}}
{{- $ca := .Values.trustedCa -}}
{{- if $ca.secret -}}{{- $needed = append $needed (list $ca.secret $ca.key) -}}{{- end -}}
{{- $missing := list -}}
{{- range $needed -}}
{{- $missing = concat $missing (include "leadsync.missing" (dict "root" $ "kind" "Secret" "name" (first .) "keys" (rest .)) | fromYamlArray) -}}
{{- end -}}
{{- if $ca.configMap -}}
{{- $missing = concat $missing (include "leadsync.missing" (dict "root" . "kind" "ConfigMap" "name" $ca.configMap "keys" (list $ca.key)) | fromYamlArray) -}}
{{- end -}}
{{- if $missing -}}
{{- fail (printf "these are not in the namespace %s: %s. deploy/README.md says how to make the Secrets." .Release.Namespace (join ", " $missing)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Of {root, kind, name, keys}: a list of what is missing, the object or some of its keys. */}}
{{- define "leadsync.missing" -}}
{{- $missing := list -}}
{{- $object := lookup "v1" .kind .root.Release.Namespace .name -}}
{{- if not $object -}}
{{- $missing = append $missing (printf "%s %s" .kind .name) -}}
{{- else -}}
{{- range $key := .keys -}}
{{- if not (or (hasKey ($object.data | default dict) $key) (hasKey ($object.binaryData | default dict) $key)) -}}
{{- $missing = append $missing (printf "%s %s (its key %s)" $.kind $.name $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $missing -}}
{{- end -}}
