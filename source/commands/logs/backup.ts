import {type LogsCall} from './logs-call.js';

export async function backup(call: LogsCall): Promise<number> {
	throw new Error(`${call.usage} is being built`);
}
