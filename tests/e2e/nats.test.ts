import { describeJourney } from './journey';

describeJourney('nats', 24_000);
