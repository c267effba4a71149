import {type RunResult} from '../core/result.js';

/**
A result as it is printed and stored.
*/
export function resultJson(result: RunResult): string {
	return `${JSON.stringify(result, null, 2)}\n`;
}
