export { timeSchema } from '../clock';
