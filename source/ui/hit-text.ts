import {type Hit} from './log-entries.js';

/**
Whose words they are, and of which iteration: `opus#1 · iteration 2`.
*/
export function whereText({who, iteration}: Hit): string {
	return iteration === null ? who : `${who} · iteration ${iteration}`;
}
