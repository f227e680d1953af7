{{/* Names. Kubernetes allows 63 characters, and the pods of StatefulSets and CronJobs leave 52. A longer name is cut, and ends with a hash that makes it unique. */}}

{{- define "leadsync.fullname" -}}
{{- if not .Values.defaults -}}
{{- fail "these are the values of an older chart (--reuse-values): upgrade with --reset-then-reuse-values, or with -f" -}}
{{- end -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := default (ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name)) .Values.fullnameOverride -}}
{{- if gt (len $full) 36 -}}
{{- printf "%s-%s" ($full | trunc 27 | trimSuffix "-") ($full | sha256sum | trunc 8) -}}
{{- else -}}
{{- $full -}}
{{- end -}}
{{- end -}}

{{/* Of {root, component}: the labels that select the component's pods. They never change, because a Deployment's selector cannot. */}}
{{- define "leadsync.selector" -}}
app.kubernetes.io/name: leadsync
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Of {root, component, more}: the labels of an object; `more` wins over commonLabels. The schema refuses the chart's own keys in both. */}}
{{- define "leadsync.labels" -}}
{{ include "leadsync.selector" . }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/part-of: leadsync
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 }}
{{- with merge (deepCopy (.more | default dict)) .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Of {root, image}: the image of one of LeadSync's programs. */}}
{{- define "leadsync.image" -}}
{{- $image := .root.Values.image -}}
{{- $digest := get $image.digests .image -}}
{{- $name := printf "%s/%s" (include "leadsync.imagePrefix" .root | default "leadsync") .image -}}
{{- ternary (printf "%s@%s" $name $digest) (printf "%s:%s" $name ($image.tag | default .root.Chart.AppVersion)) (ne ($digest | default "") "") | quote -}}
{{- end -}}

{{/* image.repository is its older name. */}}
{{- define "leadsync.imagePrefix" -}}
{{- .Values.image.prefix | default .Values.image.repository | default "" | trimSuffix "/" -}}
{{- end -}}

{{/* Without a prefix (only in a trial), the nodes never pull: at a public registry, the name may be somebody else's image. */}}
{{- define "leadsync.pullPolicy" -}}
{{- ternary .Values.image.pullPolicy "Never" (ne (include "leadsync.imagePrefix" .) "") -}}
{{- end -}}
