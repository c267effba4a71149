import {appendFileSync, mkdirSync} from 'node:fs';
import path from 'node:path';
import {type RunEvent} from '../core/events.js';
import {type RunListener} from '../core/drive.js';

/**
What happened and when, for finding a fault: a line for each event, without the words of prompts and answers.
*/
export function createDebugLog(
	file: string,
	redact: (text: string) => string,
): RunListener {
	mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});

	const listen = (event: RunEvent, inside: string | null) => {
		if (event.type === 'call-delta' || event.type === 'answer-delta') {
			return;
		}

		if (event.type === 'nested') {
			listen(event.event, event.parentCallId);
			return;
		}

		const fields = Object.fromEntries(
			Object.entries({
				...event,
				...(inside !== null && {inside}),
				...('outcome' in event && {
					state: event.outcome.state,
					failure: event.outcome.failure,
				}),
			}).filter(
				([key, value]) =>
					(typeof value !== 'object' || key === 'failure') &&
					key !== 'prompt' &&
					key !== 'system',
			),
		);

		appendFileSync(file, `${redact(JSON.stringify(fields))}\n`, {mode: 0o600});
	};

	return event => {
		listen(event, null);
	};
}
