import { back } from './cycle-back';

export const there = (): unknown => back;
