import {type LogsCall} from './logs-call.js';

export async function deleteLogged(call: LogsCall): Promise<number> {
	throw new Error(`${call.usage} is being built`);
}

export async function undo(call: LogsCall): Promise<number> {
	throw new Error(`${call.usage} is being built`);
}

export async function vacuum(call: LogsCall): Promise<number> {
	throw new Error(`${call.usage} is being built`);
}
