import {isDeepStrictEqual} from 'node:util';
import {type RunEvent} from '../../source/core/events.js';
import {answersOf, isUsable} from '../../source/core/answers.js';
import {type RunStatus} from '../../source/core/result.js';
import {isBrokenOff} from '../../source/core/resume.js';
import {emptyRun, foldRun, type RunState} from '../../source/core/run-state.js';

const nothing = {text: null, thinking: null};

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
	rule(events.at(-1)?.type === 'run-end', 'ends with run-end');
	const written = JSON.stringify(events);
	rule(isDeepStrictEqual(events, JSON.parse(written)), 'is plain JSON');

	for (const [index, event] of events.entries()) {
		rule(event.seq === index, `seq has no gap at ${index}`);

		if (event.type === 'call-start') {
			const {callId, speaker, labels} = event;
			rule(
				mayCall(run, speaker),
				`${speaker} has one call at a time when ${callId} starts`,
			);
			rule(
				event.purpose !== 'synthesis' ||
					isDeepStrictEqual(
						new Set(Object.values(labels ?? {})),
						new Set(usableIn(run).filter(id => !isApart(run, id))),
					),
				`${callId} weighs all that can be weighed, and nothing that was left out`,
			);
		}

		foldRun(run, event);

		switch (event.type) {
			case 'run-start': {
				rule(
					(event.kind === 'ask') === (event.derivedFrom === null),
					'only a run that was asked comes from no other',
				);
				break;
			}

			case 'call-start': {
				const {callId} = event;
				rule(!said.has(callId) && !ended.has(callId), `${callId} starts once`);
				said.set(callId, {text: '', thinking: ''});
				break;
			}

			case 'call-carry': {
				const {callId, outcome} = event;
				const {kind, derivedFrom} = run.start!;
				rule(kind !== 'ask', `only a derived run carries ${callId}`);
				rule(
					event.carriedFrom !== event.runId && derivedFrom !== null,
					`${callId} is carried from another run`,
				);
				rule(!ended.has(callId), `${callId} is carried once`);
				rule(
					run.calls.values().every(call => call.carriedFrom !== null),
					`${callId} is carried before anything is called`,
				);
				rule(
					run.calls.get(callId)?.text === outcome.text,
					`the picture shows what ${callId} said`,
				);
				ended.add(callId);
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
				const {text, thinking} = said.get(callId) ?? nothing;
				rule(text === outcome.text, `the deltas of ${callId} add up`);
				rule(thinking === outcome.thinking, `the thoughts of ${callId} add up`);
				rule(
					run.calls.get(callId)?.text === outcome.text,
					`the picture shows what ${callId} said`,
				);
				rule(said.delete(callId), `${callId} ends once`);
				ended.add(callId);

				answer = isTakenBack(event) ? '' : answer;

				break;
			}

			case 'answer-delta': {
				answer += event.text;
				break;
			}

			case 'control': {
				for (const callId of event.callIds) {
					rule(run.calls.has(callId), `${event.verb} is about a call`);
				}

				rule(
					event.verb === 'answer-now' || event.callIds.length > 0,
					`${event.verb} is about some call`,
				);
				break;
			}

			case 'iteration-start':
			case 'verdict': {
				rule(isQuietFor(event.type, run), `no call is open at ${event.type}`);
				break;
			}

			case 'run-end': {
				const {status, answer: final} = event.result;
				rule(said.size === 0, 'no call is open at run-end');
				rule(
					answer === '' || status === 'cancelled' || answer === final,
					'the streamed answer is the answer',
				);
				rule(
					isDeepStrictEqual(
						event.result.iterations.flatMap(({instances}) =>
							instances.map(({callId}) => callId),
						),
						answerCallsIn(run),
					),
					'the result lists every answer',
				);
				break;
			}

			case 'run-resume':
			case 'decision':
			case 'call-send':
			case 'call-mark':
			case 'nested': {
				break;
			}
		}
	}

	return [...broken, ...brokenParts(events)];
}

/**
The same for the parts a run has when it was resumed: each may end, none that ended by itself goes on, and what was open ends first, as cancelled.
*/
function brokenParts(events: readonly RunEvent[]): string[] {
	const broken: string[] = [];
	const open = new Set<string>();
	let brokenOff = new Set<string>();
	let status: RunStatus | null = null;

	for (const event of events) {
		const {type, seq} = event;
		const isResumed = type === 'run-resume';
		const isOwed = type === 'call-end' && brokenOff.delete(event.callId);

		if (
			isOwed
				? event.outcome.state !== 'cancelled'
				: brokenOff.size > 0 && !isResumed
		) {
			broken.push(`what was open is told to be cancelled, at ${seq}`);
		}

		if (
			status !== null &&
			!(isResumed && ['cancelled', 'limited'].includes(status))
		) {
			broken.push(`nothing follows the end of a run, at ${seq}`);
		}

		if (type === 'call-start') {
			open.add(event.callId);
		} else if (type === 'call-end') {
			open.delete(event.callId);
		} else if (isResumed) {
			brokenOff = new Set(open);
		}

		status = type === 'run-end' ? event.result.status : null;
	}

	return broken;
}

/**
Whether a strategy does not let an instance be heard in the present iteration.
*/
const isApart = ({decisions, iterations}: RunState, id: string) =>
	decisions.some(
		({iteration, marks}) =>
			iteration === iterations.length &&
			marks.some(({instance, mark}) => instance === id && mark === 'outlier'),
	);

function usableIn({iterations}: RunState): string[] {
	return answersOf(iterations.at(-1)!)
		.filter(call => isUsable(call))
		.map(({start}) => start.speaker);
}

function answerCallsIn({iterations}: RunState): string[] {
	return iterations.flatMap(({calls}) =>
		calls
			.filter(({start}) => start.purpose === 'answer')
			.map(({start}) => start.callId),
	);
}

/**
What a call told as the answer is none when it comes to nothing.
*/
const isTakenBack = ({
	purpose,
	outcome,
}: Extract<RunEvent, {type: 'call-end'}>) =>
	isBrokenOff(outcome) ||
	(purpose !== 'answer' && ['refused', 'failed'].includes(outcome.state));

/**
An instance has one call at a time, but for one that was silent and is asked a second time.
*/
const mayCall = ({calls, marks}: RunState, speaker: string) => {
	const isHedged = marks.get(speaker)?.some(({mark}) => mark === 'hedged');
	const open = calls
		.values()
		.filter(({start, outcome}) => start.speaker === speaker && outcome === null)
		.toArray();

	return open.length < (isHedged ? 2 : 1);
};

/**
Others of a panel may still speak when there is a verdict.
*/
const isQuietFor = (type: 'iteration-start' | 'verdict', {calls}: RunState) =>
	calls
		.values()
		.every(
			({start, outcome}) =>
				outcome !== null || (type === 'verdict' && start.purpose !== 'answer'),
		);
