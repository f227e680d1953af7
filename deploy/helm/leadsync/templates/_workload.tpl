{{/* Templates that the three services share. */}}

{{/* Of {values, user}: a pod's security context, with the image's own user where the values name a user. */}}
{{- define "leadsync.podSecurity" -}}
{{- $security := deepCopy .values.podSecurityContext -}}
{{- if .user -}}
{{- range list "runAsUser" "runAsGroup" "fsGroup" -}}
{{- if hasKey $security . -}}{{- $_ := set $security . $.user -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $security -}}
{{- end -}}

{{/* Of {root, component, values}: annotations, labels, placement and identity of a pod. */}}
{{- define "leadsync.podMetadata" -}}
labels:
  {{- include "leadsync.labels" (merge (dict "more" (.values.podLabels | default dict)) .) | nindent 2 }}
annotations:
  {{- if .checksums }}
  checksum/settings: {{ include (print "leadsync.settings." .component) .root | sha256sum }}
  {{- if .root.Values.dev.enabled }}
  checksum/dev-secret: {{ include "leadsync.devSecrets" .root | sha256sum }}
  {{- end }}
  {{- end }}
  kubectl.kubernetes.io/default-container: {{ .component }}
  {{- with .values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "leadsync.podPlacement" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "leadsync.podSecurity" . | nindent 2 }}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Of {root, component, values, scaled}: the number of pods. With an autoscaler it is the present number or the minimum: without a number, Kubernetes would begin with
     one pod. `replicas` is the older name. */}}
{{- define "leadsync.replicas" -}}
{{- if .scaled -}}
{{- $live := lookup "apps/v1" "Deployment" .root.Release.Namespace (printf "%s-%s" (include "leadsync.fullname" .root) .component) -}}
{{- max (int .scaled.minReplicas) (int (dig "spec" "replicas" 0 $live)) -}}
{{- else -}}
{{- hasKey .values "replicas" | ternary .values.replicas .values.replicaCount -}}
{{- end -}}
{{- end -}}

{{/* Of {root, component, values, ports, scaled, volumes, mounts}: a service's Deployment. */}}
{{- define "leadsync.deployment" -}}
{{- $name := printf "%s-%s" (include "leadsync.fullname" .root) .component -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
spec:
  replicas: {{ include "leadsync.replicas" . }}
  revisionHistoryLimit: 3
  selector:
    matchLabels:
      {{- include "leadsync.selector" . | nindent 6 }}
  # A new pod is ready before Kubernetes ends an old one.
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
  template:
    metadata:
      {{- include "leadsync.podMetadata" (merge (dict "checksums" true) .) | nindent 6 }}
    spec:
      serviceAccountName: {{ $name }}
      {{- include "leadsync.podPlacement" . | nindent 6 }}
      terminationGracePeriodSeconds: {{ .root.Values.shutdown.graceSeconds }}
      topologySpreadConstraints:
        {{- range $key, $whenUnsatisfiable := dict "kubernetes.io/hostname" "ScheduleAnyway" "topology.kubernetes.io/zone" "ScheduleAnyway" }}
        - maxSkew: 1
          topologyKey: {{ $key }}
          whenUnsatisfiable: {{ $whenUnsatisfiable }}
          labelSelector:
            matchLabels:
              {{- include "leadsync.selector" $ | nindent 14 }}
          matchLabelKeys: [pod-template-hash]
        {{- end }}
      containers:
        - name: {{ .component }}
          image: {{ include "leadsync.image" (dict "root" .root "image" .component) }}
          imagePullPolicy: {{ include "leadsync.pullPolicy" .root }}
          securityContext:
            {{- toYaml .values.securityContext | nindent 12 }}
          envFrom:
            - configMapRef: { name: {{ $name }} }
          env:
            {{- include "leadsync.env.postgres" (dict "root" .root "secret" .root.Values.postgresql.existingSecret) | trim | nindent 12 }}
            {{- include "leadsync.env.rabbitmq" .root | nindent 12 }}
            {{- with include "leadsync.env.more" . | trim }}
            {{- . | nindent 12 }}
            {{- end }}
          ports:
            {{- range $name, $port := .ports }}
            - { name: {{ $name }}, containerPort: {{ $port }} }
            {{- end }}
          # The first start may wait a minute for the database, and then creates or updates the schema.
          startupProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 2
            failureThreshold: 90
          # This probe checks only the process: an outage of the broker or the database must not restart pods.
          livenessProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /health/ready, port: http }
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 2
          resources:
            {{- toYaml .values.resources | nindent 12 }}
          volumeMounts:
            {{- include "leadsync.volumeMounts" . | nindent 12 }}
            {{- with .mounts }}
            {{- . | nindent 12 }}
            {{- end }}
      volumes:
        {{- include "leadsync.volumes" (dict "root" .root "values" .values "tmp" .values.tmpSizeLimit) | nindent 8 }}
        {{- with .volumes }}
        {{- . | nindent 8 }}
        {{- end }}
{{- end -}}

{{/* Of {root, component}: a service's objects besides its Deployment. */}}
{{- define "leadsync.companions" -}}
{{- $name := printf "%s-%s" (include "leadsync.fullname" .root) .component -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
  {{- with .values.serviceAccountAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $name }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
data:
  {{- include (print "leadsync.settings." .component) .root | nindent 2 }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
  {{- with .values.serviceAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  selector:
    {{- include "leadsync.selector" . | nindent 4 }}
  ports:
    {{- range $name, $port := .ports }}
    - { name: {{ $name }}, port: {{ $port }}, targetPort: {{ $name }} }
    {{- end }}
{{- if or .scaled (gt (int (include "leadsync.replicas" .)) 1) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  # A pod that is not ready does no work, so it must not keep a node from being drained.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "leadsync.selector" . | nindent 6 }}
{{- end }}
{{- end -}}

{{/* Of {root, component, autoscaling}: scales a service by its CPU. */}}
{{- define "leadsync.autoscaler" -}}
{{- $name := printf "%s-%s" (include "leadsync.fullname" .root) .component -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $name }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ $name }} }
  minReplicas: {{ .autoscaling.minReplicas }}
  maxReplicas: {{ .autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: {{ .autoscaling.targetCpu | default .autoscaling.targetCPUUtilizationPercentage }} }
  behavior:
    scaleDown: { stabilizationWindowSeconds: 300 }
{{- end -}}

{{/* Of {root, component, values, args}: a pod that runs one command of the command line, with the environment of all three services. */}}
{{- define "leadsync.cliPod" -}}
{{- $name := include "leadsync.fullname" .root -}}
restartPolicy: {{ .restart | default "Never" }}
serviceAccountName: {{ $name }}-cli
{{- include "leadsync.podPlacement" . | nindent 0 }}
containers:
  - name: {{ .component }}
    image: {{ include "leadsync.image" (dict "root" .root "image" "cli") }}
    imagePullPolicy: {{ include "leadsync.pullPolicy" .root }}
    args: {{ toJson .args }}
    securityContext:
      {{- toYaml .values.securityContext | nindent 6 }}
    {{- if .examines }}
    envFrom:
      - configMapRef: { name: {{ $name }}-gateway }
      - configMapRef: { name: {{ $name }}-projector }
      - configMapRef: { name: {{ $name }}-scheduler }
    {{- end }}
    env:
      - { name: LEADSYNC_URL, value: "http://{{ $name }}-scheduler:8080" }
      {{- with include "leadsync.consoleSecret" .root }}
      - name: LEADSYNC_TOKEN
        valueFrom: { secretKeyRef: { name: {{ . | quote }}, key: {{ $.root.Values.scheduler.console.existingSecret.key | quote }} } }
      {{- end }}
      {{- if .examines }}
      {{- include "leadsync.env.postgres" (dict "root" .root "secret" .root.Values.postgresql.existingSecret) | trim | nindent 6 }}
      {{- include "leadsync.env.rabbitmq" .root | nindent 6 }}
      {{- end }}
      {{- with include "leadsync.env.more" . | trim }}
      {{- . | nindent 6 }}
      {{- end }}
    resources:
      {{- toYaml .values.resources | nindent 6 }}
    volumeMounts:
      {{- include "leadsync.volumeMounts" . | nindent 6 }}
      {{- if .examines }}
      - { name: zoho, mountPath: /run/secrets/zoho, readOnly: true }
      {{- with include "leadsync.consoleMount" .root | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- end }}
volumes:
  {{- include "leadsync.volumes" . | nindent 2 }}
  {{- if .examines }}
  {{- include "leadsync.zohoVolume" .root | nindent 2 }}
  {{- with include "leadsync.consoleVolume" .root | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- end }}
{{- end -}}

{{/* Of {root, component, values, args}: a suspended CronJob, from which `kubectl create job --from=cronjob/…` creates a job. */}}
{{- define "leadsync.cliTemplate" -}}
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ include "leadsync.fullname" .root }}-{{ .component }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
spec:
  schedule: "0 0 1 1 *"
  suspend: true
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      backoffLimit: 0
      activeDeadlineSeconds: {{ .deadline }}
      ttlSecondsAfterFinished: 604800
      template:
        metadata:
          {{- include "leadsync.podMetadata" . | nindent 10 }}
        spec:
          {{- include "leadsync.cliPod" . | nindent 10 }}
{{- end -}}
