// What makes each alert fire, what must not, and its twin: the rule without the part that tells the two apart.

export interface AlertCase {
  /** Series of Prometheus as its own tests write them, a sample a minute: `up{job="apps"} 1x9 0x20` is 10 ones, 21 zeros. */
  fires: string[];
  /** What people are told, once for each that fires. */
  says: string[];
  quiet: string[];
  /** Text of the rule, and what takes its place: then it tells the two apart no more. `for` is the word for its delay. */
  twin: [was: string, becomes: string];
  minutes: number;
}

const others = ['auth', 'tickets', 'orders', 'expiration', 'payments'].map(
  (app) => `up{job="apps",app="${app}",pod="a"} 1x60`,
);
const asked = (app: string, status: string, counted: string) =>
  `http_request_duration_seconds_count{job="apps",app="${app}",status="${status}"} ${counted}`;
const visited = (service: string, status: string, counted: string, namespace = 'ticketing') =>
  `nginx_ingress_controller_requests{job="ingress",namespace="${namespace}",service="${service}",status="${status}"} ${counted}`;
const purchase = (le: string, counted: string, method = 'POST') =>
  `http_request_duration_seconds_bucket{job="apps",app="orders",method="${method}",route="/api/orders",le="${le}"} ${counted}`;
const created = (what: 'published' | 'handled', counted: string) =>
  `events_${what}_total{job="apps",app="any",type="order.created"} ${counted}`;
const clearUntil = (app: string, pod: string, atSecond: string) =>
  `outbox_clear_until_timestamp_seconds{job="apps",app="${app}",topic="any",pod="${pod}"} ${atSecond}`;
const issued = (name: string, ready: string, namespace = 'ticketing') =>
  ['True', 'False'].map(
    (condition) =>
      `certmanager_certificate_ready_status{job="certificates",name="${name}",namespace="${namespace}",condition="${condition}"} ${
        condition === 'True' ? ready : '0x90'
      }`,
  );
const ends = (name: string, atSecond: string) =>
  `certmanager_certificate_expiration_timestamp_seconds{job="certificates",name="${name}",namespace="ticketing"} ${atSecond}x90`;
const volume = (namespace: string, claim: string, free: string, node = 'a') => [
  `kubelet_volume_stats_available_bytes{job="nodes",instance="${node}",namespace="${namespace}",persistentvolumeclaim="${claim}"} ${free}`,
  `kubelet_volume_stats_capacity_bytes{job="nodes",instance="${node}",namespace="${namespace}",persistentvolumeclaim="${claim}"} 10000x60`,
];
const phase = (pod: string, name: string, counted: string) =>
  `kube_pod_status_phase{job="cluster",namespace="ticketing",pod="${pod}",phase="${name}"} ${counted}`;
const restarts = (pod: string, container: string, counted: string, init = '') =>
  `kube_pod_${init}container_status_restarts_total{job="cluster",namespace="ticketing",pod="${pod}",container="${container}"} ${counted}`;
const scaler = (name: string, desired: string, least: number, most: number) =>
  [`status_desired_replicas ${desired}`, `spec_min_replicas ${least}x90`, `spec_max_replicas ${most}x90`].map((one) =>
    one.replace(/^(\w+) /, `kube_horizontalpodautoscaler_$1{job="cluster",horizontalpodautoscaler="${name}"} `),
  );
const jetStream = (server: number, said: string, counted: string) =>
  `gnatsd_healthz_status_value{job="nats",pod="nats-exporter-${server}",server_id="http://nats-${server}.nats-servers:8222",value="${said}"} ${counted}`;
/** As it tells them: its word is a label, and the series before ends. */
const lost = (server: number, minute: number, said: string) => [
  jetStream(server, 'ok', `1x${minute - 1} stale`),
  jetStream(server, said, `_x${minute} 0x60`),
];
/** Four minutes later. */
const back = (one: string) => one.replace(/ stale$/, ' stale _x3 1x60').replace(/ 0x60$/, ' 0x3 stale');
const behind = (consumer: string, server: number, counted: string, { leads = true, stream = 'orders' } = {}) =>
  `jetstream_consumer_num_pending{job="nats",server_name="nats-${server}",is_consumer_leader="${leads}",stream_name="${stream}",consumer_name="${consumer}"} ${counted}`;
const told = [
  'up{job="ingress",instance="a"} 1x60',
  'up{job="certificates",instance="b"} 1x60',
  'up{job="nodes",instance="c"} 1x60',
  'up{job="cluster",instance="d"} 1x60',
  phase('any', 'Pending', '0x60'),
  ...issued('ticketing', '1x60'),
  ...volume('ticketing', 'data-nats-0', '9000x60'),
  ...volume('dapr-system', 'dapr-scheduler-data-dir-dapr-scheduler-server-0', '9000x60'),
];

export const alertCases: Record<string, AlertCase> = {
  ServiceAway: {
    fires: [...others, 'up{job="apps",app="notifications",pod="a"} 1x9 0x20'],
    says: ['No pod of notifications answers'],
    // Of two pods one is away.
    quiet: [
      ...others,
      'up{job="apps",app="notifications",pod="a"} 1x9 0x20',
      'up{job="apps",app="notifications",pod="b"} 1x60',
    ],
    twin: ['sum by (app)', 'min by (app)'],
    minutes: 20,
  },
  PagesAway: {
    // There, but not ready.
    fires: ['up{job="sidecars",app="web",pod="a",ready="false"} 1x60'],
    says: ['No pod of the web client is ready'],
    quiet: [
      'up{job="sidecars",app="web",pod="a",ready="false"} 1x60',
      'up{job="sidecars",app="web",pod="b",ready="true"} 1x60',
    ],
    twin: [', ready="true"', ''],
    minutes: 20,
  },
  SidecarAway: {
    // What its pod was when it died makes no difference: it has been away for six minutes.
    fires: [
      'up{job="sidecars",app="orders",pod="a",ready="true"} 1x9 0x2 stale',
      'up{job="sidecars",app="orders",pod="a",ready="false"} _x12 0x20',
    ],
    says: ['The sidecar of a does not answer'],
    quiet: ['up{job="sidecars",app="orders",pod="a",ready="true"} 1x11 0x20'],
    twin: ['max without (ready) (up{job="sidecars"}) == 0', 'up{job="sidecars"} == 0'],
    minutes: 16,
  },
  PodCrashes: {
    // As the kubelet has it: at once, after 10 s, 20, 40, and at last every five minutes.
    fires: [
      restarts('payments-1', 'app', '0x10 1 3 4 4 5 5 5 5 6x4 7x4 8x4'),
      restarts('orders-1', 'daprd', '0x10 1 3 4 4 5 5 5 5 6x4 7x4 8x4', 'init_'),
    ],
    says: ['app of payments-1 ends again and again', 'daprd of orders-1 ends again and again'],
    // A node that was restarted: everything of it once, or twice.
    quiet: [restarts('payments-1', 'app', '0x10 1x5 2x20'), restarts('payments-1', 'daprd', '7x30', 'init_')],
    twin: ['[30m])) > 2', '[30m])) > 1'],
    minutes: 25,
  },
  PodPending: {
    fires: [phase('orders-2', 'Pending', '0x5 1x30'), phase('orders-1', 'Pending', '0x35')],
    says: ['orders-2 does not start: no node takes it, or its image does not come'],
    // A node was made for it; one runs.
    quiet: [phase('orders-2', 'Pending', '0x5 1x10 0x20'), phase('orders-1', 'Running', '1x35')],
    twin: [', phase="Pending"', ''],
    minutes: 30,
  },
  FaultsAnswered: {
    fires: [asked('orders', '200', '0+90x30'), asked('orders', '500', '0+10x30')],
    says: ['orders answers 10% of its requests with a fault'],
    // A request that was wrong is no fault.
    quiet: [asked('orders', '200', '0+90x30'), asked('orders', '409', '0+10x30'), asked('orders', '500', '0+1x30')],
    twin: ['status=~"5.."', 'status=~"[45].."'],
    minutes: 20,
  },
  FaultsSeen: {
    fires: [visited('web', '200', '0+90x30'), visited('web', '504', '0+10x30'), visited('tickets', '200', '0+900x30')],
    says: ['10% of what visitors ask web for ends in a fault'],
    // What else is behind the same ingress is not ours.
    quiet: [
      visited('web', '200', '0+90x30'),
      visited('web', '404', '0+9x30'),
      visited('web', '503', '0+10x30', 'others'),
    ],
    twin: ['namespace="ticketing"', 'job="ingress"'],
    minutes: 20,
  },
  PurchasesSlow: {
    fires: [purchase('1', '0+80x60'), purchase('2.5', '0+100x60'), purchase('+Inf', '0+100x60')],
    says: ['One purchase in twenty waits longer than 2.125s'],
    // Slow is the list of one's orders, not a purchase.
    quiet: [
      purchase('1', '0+100x60'),
      purchase('+Inf', '0+100x60'),
      purchase('1', '0x60', 'GET'),
      purchase('2.5', '0+100x60', 'GET'),
      purchase('+Inf', '0+100x60', 'GET'),
    ],
    twin: ['method="POST", ', ''],
    minutes: 30,
  },
  AutoscalerAtMost: {
    fires: [...scaler('orders', '3x9 20x40', 3, 20), ...scaler('auth', '3x50', 3, 20)],
    says: ['orders has 20 pods, and may not have more'],
    // One that has nothing to choose, and one with room.
    quiet: [...scaler('orders', '1x50', 1, 1), ...scaler('auth', '19x50', 3, 20)],
    twin: ['> max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_min_replicas{job="cluster"})', ''],
    minutes: 30,
  },
  EventsTriedAgain: {
    fires: ['events_handled_total{job="apps",app="orders",type="charge.completed",outcome="RETRY"} 0+2x60'],
    says: ['orders cannot do what charge.completed asks for'],
    quiet: ['events_handled_total{job="apps",app="orders",type="charge.completed",outcome="SUCCESS"} 0+2x60'],
    twin: ['{outcome="RETRY"}', ''],
    minutes: 45,
  },
  EventsGivenUp: {
    fires: ['events_given_up_total{job="apps",app="orders",type="charge.completed"} 0x10 1x20'],
    says: ['orders has given up charge.completed: it is in the dead letters'],
    // Long ago.
    quiet: ['events_given_up_total{job="apps",app="orders",type="charge.completed"} 0 1x60'],
    twin: ['[15m]', '[60m]'],
    minutes: 20,
  },
  EventsNotHeard: {
    fires: [created('published', '0+2x60'), created('handled', '5x60')],
    says: ['Orders are published and nobody hears of them'],
    quiet: [created('published', '0+2x60'), created('handled', '0+1x60')],
    twin: ['unless sum(increase(events_handled_total{type="order.created"}[15m])) > 0', ''],
    minutes: 30,
  },
  EventsLag: {
    fires: [
      behind('payments', 0, '0x60', { leads: false }),
      behind('payments', 1, '0x9 100+10x50'),
      behind('tickets', 1, '0x60'),
      behind('notifications', 2, '0x9 900-100x8 0x40'),
    ],
    says: ['payments is 300 events of orders behind, and does not catch up'],
    // Caught up, and again behind for a moment. Who does not lead does not know. Dead letters wait for a person.
    quiet: [
      behind('payments', 1, '0x9 900-90x9 0x5 40x20'),
      behind('payments', 0, '900x60', { leads: false }),
      behind('ticketing-dead-letters', 1, '7x60', { stream: 'orders-dead' }),
    ],
    twin: [', is_consumer_leader="true"', ''],
    minutes: 30,
  },
  JetStreamAway: {
    // Two of three were killed: the third lives, and has no leader.
    fires: [...lost(0, 10, 'unavailable'), ...lost(1, 10, 'unreachable'), ...lost(2, 10, 'unreachable')],
    says: ['JetStream takes no events, as no server of it has whom it needs'],
    quiet: [jetStream(0, 'ok', '1x60'), jetStream(1, 'ok', '1x60'), ...lost(2, 10, 'unreachable')],
    twin: ['max(', 'min('],
    minutes: 15,
  },
  JetStreamCopyAway: {
    fires: [jetStream(0, 'ok', '1x60'), jetStream(1, 'ok', '1x60'), ...lost(2, 10, 'unreachable')],
    says: ['http://nats-2.nats-servers:8222 does not have all streams, or is away'],
    // One after the other is updated, and catches up.
    quiet: [jetStream(0, 'ok', '1x60'), ...lost(1, 10, 'unreachable').map(back), ...lost(2, 22, 'unavailable')],
    twin: ['for', '1m'],
    minutes: 26,
  },
  EventsWait: {
    fires: [
      clearUntil('orders', 'a', '0+60x9 540x40'),
      clearUntil('orders', 'b', '0+60x7 420x40'),
      clearUntil('auth', 'a', '0+60x60'),
    ],
    says: ['What orders decides reaches nobody, its events wait'],
    // One of two hangs, and what it would publish the other does. One has just started, and has not looked.
    quiet: [
      clearUntil('orders', 'a', '0+60x9 540x40'),
      clearUntil('orders', 'b', '0+60x60'),
      clearUntil('payments', 'a', '_x20 0'),
    ],
    twin: ['max by (app)', 'min by (app)'],
    minutes: 20,
  },
  OutboxSwept: {
    fires: [
      'outbox_swept_total{job="apps",app="orders",pod="a"} 0+1x60',
      'outbox_swept_total{job="apps",app="orders",pod="b"} 0+1x60',
    ],
    says: ['orders does not get rid of its events at once'],
    // What one crash left behind.
    quiet: ['outbox_swept_total{job="apps",app="orders",pod="a"} 0x20 40x60'],
    twin: ['for', '0m'],
    minutes: 34,
  },
  RefundsWaiting: {
    fires: ['work_waiting{job="apps",app="payments",kind="refund",pod="a"} 1x90'],
    says: ['Money has to be given back, and Stripe has not taken it for an hour'],
    quiet: [
      'work_waiting{job="apps",app="payments",kind="refund",pod="a"} 0x90',
      'work_waiting{job="apps",app="payments",kind="look"} 3x90',
    ],
    twin: [', kind="refund"', ''],
    minutes: 80,
  },
  MailsWait: {
    fires: [
      'work_waiting_seconds{job="apps",app="notifications",kind="mail",pod="a"} 0+60x90',
      'work_waiting_seconds{job="apps",app="notifications",kind="mail",pod="b"} 0+60x90',
    ],
    says: ['A mail has waited for 1h 20m 0s'],
    // Greylisted, and taken at a later attempt.
    quiet: [
      'work_waiting_seconds{job="apps",app="notifications",kind="mail",pod="a"} 0+60x29 0x60',
      'work_waiting_seconds{job="apps",app="payments",kind="any",pod="a"} 0+60x90',
    ],
    twin: ['app="notifications", kind="mail"', ''],
    minutes: 80,
  },
  ReconcilerFails: {
    fires: ['reconciled_total{job="apps",app="payments",reconciler="payments",outcome="failed"} 0+1x60'],
    says: ['What payments left half done cannot be finished (payments)'],
    quiet: ['reconciled_total{job="apps",app="payments",reconciler="payments",outcome="settled"} 0+9x60'],
    twin: ['{outcome="failed"}', ''],
    minutes: 45,
  },
  RootEnds: {
    fires: [`dapr_sentry_issuercert_expiry_timestamp{job="sentry"} ${29 * 86_400}x90`],
    says: ['The root certificate of Dapr ends within 30 days, or nobody tells when'],
    quiet: [`dapr_sentry_issuercert_expiry_timestamp{job="sentry"} ${40 * 86_400}x90`],
    twin: ['30 * 86400', '90 * 86400'],
    minutes: 80,
  },
  CertificateMissing: {
    fires: issued('ticketing', '0x90'),
    says: ['The certificate ticketing is not issued, or not for what is asked'],
    // Another's, and one that took some minutes.
    quiet: [...issued('theirs', '0x90', 'others'), ...issued('ticketing', '0x10 1x60')],
    twin: [', namespace="ticketing"', ''],
    minutes: 40,
  },
  CertificateEnds: {
    fires: [ends('ticketing', `${10 * 86_400}`), ends('local-ca', `${200 * 86_400}`)],
    says: ['The certificate ticketing ends in 9d 22h 40m 0s and was not renewed'],
    // One that was never issued is told by CertificateMissing.
    quiet: [ends('ticketing', '0'), ends('local-ca', `${15 * 86_400}`)],
    twin: [' > 0)', ' >= 0)'],
    minutes: 80,
  },
  DiskFills: {
    fires: [...volume('ticketing', 'data-nats-1', '2900x60'), ...volume('ticketing', 'data-nats-2', '3100x60')],
    says: ['data-nats-1 has 29% left'],
    quiet: [...volume('ticketing', 'data-nats-1', '3100x60'), ...volume('others', 'theirs', '100x60')],
    twin: [', namespace=~"ticketing|dapr-system"', ''],
    minutes: 30,
  },
  DiskFull: {
    fires: volume('dapr-system', 'dapr-scheduler-data-dir-dapr-scheduler-server-0', '1400x60'),
    says: ['dapr-scheduler-data-dir-dapr-scheduler-server-0 has 14% left'],
    // It filled, and was given room at once; a third of it is a job of the day.
    quiet: [...volume('ticketing', 'data-nats-0', '1400x28 6000x60'), ...volume('ticketing', 'data-nats-1', '2000x60')],
    twin: ['< 0.15', '< 0.25'],
    minutes: 30,
  },
  MetricsMissing: {
    // Nobody may ask that kubelet, and nothing counts visitors.
    fires: told.map((one) =>
      one
        .replace('up{job="nodes",instance="c"} 1', 'up{job="nodes",instance="c"} 0')
        .replace('up{job="ingress"', 'up{job="other"'),
    ),
    says: ['Alerts hear nothing from ingress', 'Alerts hear nothing from nodes'],
    quiet: [...told, 'up{job="nodes",instance="d"} 1x20 0x12 stale'],
    twin: ['for', '5m'],
    minutes: 32,
  },
};

/** Tickets are bought, and from the tenth minute on the broker takes nothing; it is back in the fortieth. */
export const brokerAway = [
  ...told,
  ...others,
  'up{job="apps",app="notifications",pod="a"} 1x60',
  'up{job="sidecars",app="web",pod="a",ready="true"} 1x60',
  'dapr_sentry_issuercert_expiry_timestamp{job="sentry"} 9e9x60',
  asked('orders', '201', '0+20x60'),
  created('published', '0+20x9 180x30 800+20x20'),
  created('handled', '0+20x9 180x30 800+20x20'),
  'outbox_swept_total{job="apps",app="orders",pod="a"} 0x39 600x20',
  clearUntil('orders', 'a', '0+60x9 550x30 2400+60x20'),
  clearUntil('payments', 'a', '0+60x9 570x30 2400+60x20'),
  // Nobody signed up meanwhile.
  clearUntil('auth', 'a', '0+60x60'),
];
