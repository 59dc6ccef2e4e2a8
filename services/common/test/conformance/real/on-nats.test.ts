import { conformsToDapr } from '../suite';
import { realStage } from './real-stage';

describe('real daprd, events on nats', () => conformsToDapr(() => realStage('nats')));
