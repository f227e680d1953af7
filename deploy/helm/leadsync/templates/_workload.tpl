{{/* What the pods of the three services have in common. */}}

{{/* Of {user}: without one, the user of our images. */}}
{{- define "leadsync.podSecurity" -}}
{{- $user := .user | default 1654 -}}
runAsNonRoot: true
runAsUser: {{ $user }}
runAsGroup: {{ $user }}
fsGroup: {{ $user }}
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "leadsync.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* Of {root, component, values}: annotations, labels, placement and identity of a pod. */}}
{{- define "leadsync.podMetadata" -}}
labels:
  {{- include "leadsync.labels" . | nindent 2 }}
  {{- with .values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
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

{{/* Of {root, component, values, volumes, volumeMounts}: a service's Deployment. */}}
{{- define "leadsync.deployment" -}}
{{- $name := printf "%s-%s" (include "leadsync.fullname" .root) .component -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
spec:
  {{- if not .scaled }}
  replicas: {{ .values.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  selector:
    matchLabels:
      {{- include "leadsync.selector" . | nindent 6 }}
  # The new one is ready before an old one goes.
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
  template:
    metadata:
      {{- include "leadsync.podMetadata" (merge (dict "checksums" true) .) | nindent 6 }}
    spec:
      serviceAccountName: {{ $name }}
      {{- include "leadsync.podPlacement" . | nindent 6 }}
      # Shutdown__Drain, then at most 30 s to finish what runs.
      terminationGracePeriodSeconds: 60
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
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          securityContext:
            {{- include "leadsync.containerSecurity" . | nindent 12 }}
          envFrom:
            - configMapRef: { name: {{ $name }} }
          env:
            {{- include "leadsync.env.postgres" (dict "root" .root "secret" .root.Values.postgresql.existingSecret) | trim | nindent 12 }}
            {{- include "leadsync.env.rabbitmq" .root | nindent 12 }}
            {{- with .values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            - { name: http, containerPort: 8080 }
          # A first start may have to wait a minute for the database, and to bring its schema up to date.
          startupProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 2
            failureThreshold: 90
          # Only the process: an outage of the broker or the database must not restart pods.
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
            - { name: tmp, mountPath: /tmp }
            {{- with .volumeMounts }}
            {{- . | nindent 12 }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir: { sizeLimit: {{ .values.tmpSizeLimit }} }
        {{- with .volumes }}
        {{- . | nindent 8 }}
        {{- end }}
{{- end -}}

{{/* Of {root, component}: what a service has besides its Deployment. */}}
{{- define "leadsync.companions" -}}
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
spec:
  selector:
    {{- include "leadsync.selector" . | nindent 4 }}
  ports:
    - { name: http, port: 8080, targetPort: http }
{{- if or .scaled (gt (int .values.replicas) 1) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels:
    {{- include "leadsync.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  # A pod that is not ready serves nobody: it must not keep a node from being drained.
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
        target: { type: Utilization, averageUtilization: {{ .autoscaling.targetCpu }} }
  behavior:
    scaleDown: { stabilizationWindowSeconds: 300 }
{{- end -}}
