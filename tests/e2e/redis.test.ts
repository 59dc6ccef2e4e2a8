import { describeJourney } from './journey';

describeJourney('redis', 22_000);
