import {isDeepStrictEqual} from 'node:util';
import {type RunEvent} from '../../source/core/events.js';
import {emptyRun, foldRun} from '../../source/core/run-state.js';

/**
The rules every stream of a run obeys, as a list of the broken ones. Empty means well-formed.
*/
export function brokenRules(events: readonly RunEvent[]): string[] {
	const broken: string[] = [];
	const said = new Map<string, {text: string; thinking: string}>();
	const ended = new Set<string>();
	const run = emptyRun();
	let answer = '';

	const rule = (isKept: boolean, text: string) => {
		if (!isKept) {
			broken.push(text);
		}
	};

	rule(events[0]?.type === 'run-start', 'starts with run-start');
	rule(
		events.findIndex(({type}) => type === 'run-end') === events.length - 1,
		'ends with its only run-end',
	);
	const written = JSON.stringify(events);
	rule(isDeepStrictEqual(events, JSON.parse(written)), 'is plain JSON');

	for (const [index, event] of events.entries()) {
		rule(event.seq === index, `seq has no gap at ${index}`);
		foldRun(run, event);

		switch (event.type) {
			case 'call-start': {
				const {callId} = event;
				rule(!said.has(callId) && !ended.has(callId), `${callId} starts once`);
				said.set(callId, {text: '', thinking: ''});
				break;
			}

			case 'call-delta': {
				const before = said.get(event.callId);
				rule(before !== undefined, `${event.callId} speaks while open`);

				if (before) {
					before[event.channel] += event.text;
				}

				break;
			}

			case 'call-retry': {
				rule(said.has(event.callId), `${event.callId} retries while open`);

				if (event.startsOver) {
					said.set(event.callId, {text: '', thinking: ''});
					answer = '';
				}

				break;
			}

			case 'call-end': {
				const {callId, outcome} = event;
				const before = said.get(callId);
				rule(before?.text === outcome.text, `the deltas of ${callId} add up`);
				rule(
					before?.thinking === outcome.thinking,
					`the thoughts of ${callId} add up`,
				);
				rule(
					run.calls.get(callId)?.text === outcome.text,
					`the picture shows what ${callId} said`,
				);
				rule(said.delete(callId), `${callId} ends once`);
				ended.add(callId);
				break;
			}

			case 'answer-delta': {
				answer += event.text;
				break;
			}

			case 'iteration-start':
			case 'verdict': {
				rule(said.size === 0, `no call is open at ${event.type}`);
				break;
			}

			case 'run-end': {
				const {status, answer: final} = event.result;
				rule(said.size === 0, 'no call is open at run-end');
				rule(
					answer === '' || status === 'cancelled' || answer === final,
					'the streamed answer is the answer',
				);
				break;
			}

			case 'run-start':
			case 'decision':
			case 'call-send':
			case 'call-mark':
			case 'control':
			case 'nested': {
				break;
			}
		}
	}

	return broken;
}
