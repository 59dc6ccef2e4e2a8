import { there } from './cycle-there';

export const back = (): unknown => there;
