{{/* Everything of one service. The chart that includes it is named as the service. */}}
{{- define "service.all" -}}
{{- $name := .Chart.Name -}}
{{- if .Values.migrate }}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ $name }}-migrate
  labels: {{- include "service.labels" (list . "migrate") | nindent 4 }}
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  backoffLimit: 3
  template:
    metadata:
      labels: {{- include "service.labels" (list . "migrate") | nindent 8 }}
    spec:
      restartPolicy: Never
      {{- include "service.pod" (list . "migrate") | nindent 6 }}
---
{{- end }}
{{- range $role := list "api" "work" }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}-{{ $role }}
  labels: {{- include "service.labels" (list $ $role) | nindent 4 }}
spec:
  {{- if not (or (and (eq $role "api") $.Values.autoscale.api.enabled) (and (eq $role "work") $.Values.autoscale.work.enabled)) }}
  replicas: {{ index $.Values.replicas $role }}
  {{- end }}
  strategy:
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  selector:
    matchLabels: {{- include "service.selector" (list $ $role) | nindent 6 }}
  template:
    metadata:
      labels: {{- include "service.labels" (list $ $role) | nindent 8 }}
    spec:
      terminationGracePeriodSeconds: 30
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "service.selector" (list $ $role) | nindent 14 }}
      {{- include "service.pod" (list $ $role) | nindent 6 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}-{{ $role }}
  labels: {{- include "service.labels" (list $ $role) | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "service.selector" (list $ $role) | nindent 6 }}
---
{{- end }}
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels: {{- include "service.labels" (list . "api") | nindent 4 }}
spec:
  selector: {{- include "service.selector" (list . "api") | nindent 4 }}
  ports:
    - {name: http, port: 8000, targetPort: http}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ $name }}
  labels: {{- include "service.labels" (list . "api") | nindent 4 }}
spec:
  podSelector:
    matchLabels: {app.kubernetes.io/name: {{ $name }}, app.kubernetes.io/instance: {{ .Release.Name }}}
  policyTypes: [Ingress]
  ingress: # the gateway and Prometheus alone; no service asks another
    - from: {{- toYaml .Values.allowFrom | nindent 8 }}
      ports:
        - {port: http}
{{- if .Values.autoscale.api.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $name }}-api
  labels: {{- include "service.labels" (list . "api") | nindent 4 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ $name }}-api}
  minReplicas: {{ .Values.replicas.api }}
  maxReplicas: {{ .Values.autoscale.api.max }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: {{ .Values.autoscale.api.cpu }}}
{{- end }}
{{- if .Values.autoscale.work.enabled }}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ $name }}-work
  labels: {{- include "service.labels" (list . "work") | nindent 4 }}
spec:
  scaleTargetRef: {name: {{ $name }}-work}
  minReplicaCount: {{ .Values.replicas.work }}
  maxReplicaCount: {{ .Values.autoscale.work.max }} # more than a topic has partitions would be idle
  triggers:
    - type: prometheus
      metadata:
        serverAddress: {{ .Values.autoscale.work.prometheus | quote }}
        query: sum(ekis_consumer_lag{group="{{ $name }}-svc"})
        threshold: {{ .Values.autoscale.work.lag | quote }}
{{- end }}
{{- end }}

{{- define "service.selector" -}}
{{- $top := index . 0 -}}
app.kubernetes.io/name: {{ $top.Chart.Name }}
app.kubernetes.io/instance: {{ $top.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "service.labels" -}}
{{- $top := index . 0 -}}
{{ include "service.selector" . }}
app.kubernetes.io/part-of: ekis
app.kubernetes.io/version: {{ $top.Values.image.tag | quote }}
{{- end }}

{{- define "service.pod" -}}
{{- $top := index . 0 -}}
{{- $role := index . 1 -}}
{{- $values := $top.Values -}}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
containers:
  - name: {{ $role }}
    image: "{{ required "image.repository: where your registry has the image" $values.image.repository }}:{{ required "image.tag: the release" $values.image.tag }}"
    args: [{{ $role }}]
    env:
      {{- range $key, $value := merge (dict) $values.env (default (dict) ($values.global).env) }}
      - {name: {{ $key }}, value: {{ $value | quote }}}
      {{- end }}
      - {name: EKIS_KAFKA_USER, value: {{ $top.Chart.Name }}-svc}
      - {name: EKIS_SECRETS, value: /run/ekis/own}
      - {name: EKIS_KEYS, value: /run/ekis/public}
      - name: EKIS_INSTANCE
        valueFrom: {fieldRef: {fieldPath: metadata.name}}
    {{- if ne $role "migrate" }}
    ports:
      - {name: http, containerPort: 8000}
    livenessProbe:
      httpGet: {path: /live, port: http}
      periodSeconds: 10
      failureThreshold: 3
    readinessProbe:
      httpGet: {path: /ready, port: http}
      periodSeconds: 3
      failureThreshold: 2
    startupProbe:
      httpGet: {path: /live, port: http}
      periodSeconds: 1
      failureThreshold: 30
    {{- end }}
    resources: {{- toYaml (default $values.resources.api (index $values.resources $role)) | nindent 6 }}
    securityContext:
      readOnlyRootFilesystem: true
      allowPrivilegeEscalation: false
      capabilities: {drop: [ALL]}
    volumeMounts:
      - {name: own, mountPath: /run/ekis/own, readOnly: true}
      - {name: public, mountPath: /run/ekis/public, readOnly: true}
      - {name: tmp, mountPath: /tmp}
volumes:
  - name: own
    secret: {secretName: {{ required "secret: the name of the Secret with the service's keys and ekis_* files" (ternary (default $values.secret $values.migrateSecret) $values.secret (eq $role "migrate")) }}, defaultMode: 288}
  - name: public
    configMap: {name: {{ required "publicKeys: the name of the ConfigMap with everybody's public keys" (default ($values.global).publicKeys $values.publicKeys) }}}
  - name: tmp
    emptyDir: {medium: Memory, sizeLimit: 64Mi}
{{- end }}
