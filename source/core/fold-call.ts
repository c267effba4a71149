import {type CallStart, type RunEvent} from './events.js';
import {type CallPicture} from './run-state.js';
import {unreachable} from './unreachable.js';

/**
A call as it begins, `startedAt` in milliseconds since the Unix epoch.
*/
export function pictureOf(start: CallStart, startedAt: number): CallPicture {
	return {
		start,
		startedAt,
		state: 'waiting',
		text: '',
		thinking: '',
		attempt: 1,
		sentAt: null,
		firstTokenAt: null,
		endedAt: null,
		retry: null,
		brokenAttempts: [],
		outcome: null,
		isLeftOut: false,
		nested: null,
		carriedFrom: null,
		isAskedAgain: false,
	};
}

/**
Fold one event of a call into its picture, in place.
*/
export function foldCall(
	call: CallPicture,
	event: RunEvent & {
		readonly type:
			'call-send' | 'call-delta' | 'call-retry' | 'call-mark' | 'call-end';
	},
): void {
	switch (event.type) {
		case 'call-send': {
			call.attempt = event.attempt;
			call.sentAt ??= event.t;
			call.state = 'waiting';
			call.retry = null;
			break;
		}

		case 'call-delta': {
			call[event.channel] += event.text;
			call.state = event.channel === 'text' ? 'answering' : 'thinking';
			call.firstTokenAt ??= event.t;
			call.retry = null;
			break;
		}

		case 'call-retry': {
			const {attempt, delayMs, failure, t} = event;
			call.state = 'retrying';
			call.retry = {delayMs, since: t, failure};

			if (event.startsOver) {
				const {text, thinking} = call;
				call.brokenAttempts.push({attempt, text, thinking, failure});
				call.text = '';
				call.thinking = '';
			}

			break;
		}

		case 'call-mark': {
			if (event.mark !== 'swapped-in') {
				call.isLeftOut = event.mark === 'left-out';
			}

			break;
		}

		case 'call-end': {
			call.outcome = event.outcome;
			call.endedAt = event.t;
			call.state = event.outcome.state;
			call.retry = null;
			break;
		}

		default: {
			unreachable(event);
		}
	}
}
