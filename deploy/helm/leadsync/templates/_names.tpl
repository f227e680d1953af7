{{/* Names. Kubernetes allows 63 characters, a StatefulSet's and a CronJob's pods leave 52: what is longer is cut, and told apart by a hash. */}}

{{- define "leadsync.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := default (ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name)) .Values.fullnameOverride -}}
{{- if gt (len $full) 36 -}}
{{- printf "%s-%s" ($full | trunc 27 | trimSuffix "-") ($full | sha256sum | trunc 8) -}}
{{- else -}}
{{- $full -}}
{{- end -}}
{{- end -}}

{{/* Of {root, component}: what the component's pods are found by. Never changes: a Deployment's selector cannot. */}}
{{- define "leadsync.selector" -}}
app.kubernetes.io/name: leadsync
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "leadsync.labels" -}}
{{ include "leadsync.selector" . }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/part-of: leadsync
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 }}
{{- end -}}

{{/* Of {root, image}: a program of ours. */}}
{{- define "leadsync.image" -}}
{{- $image := .root.Values.image -}}
{{- $digest := get $image.digests .image -}}
{{- if $digest -}}
{{- printf "%s/%s@%s" $image.repository .image $digest | quote -}}
{{- else -}}
{{- printf "%s/%s:%s" $image.repository .image ($image.tag | default .root.Chart.AppVersion) | quote -}}
{{- end -}}
{{- end -}}
