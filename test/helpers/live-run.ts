import {
	consortiumDefaults,
	instancesOf,
	type SavedConsortium,
} from '../../source/core/consortium.js';
import {type RunEvent, type RunEventBody} from '../../source/core/events.js';
import {type CallOutcome, type Verdict} from '../../source/core/result.js';
import {
	createRunStore,
	type RunStore,
	type Viewport,
} from '../../source/ui/run-store.js';
import {outcome, verdict} from './events.js';

/**
A run that says what a test wants, event by event, to a run store whose time and ticks are the test's too.
*/
export type LiveRun = {
	readonly store: RunStore;
	readonly ids: readonly string[];
	readonly say: (body: RunEventBody) => void;

	/**
	How often the store ticks, in milliseconds; null while it does not.
	*/
	readonly tickMs: () => number | null;

	/**
	Let time pass, and tick once.
	*/
	readonly pass: (durationMs: number) => void;

	/**
	A new iteration, with a call for each instance, all sent.
	*/
	readonly ask: () => void;
	readonly speak: (
		id: string,
		text: string,
		channel?: 'text' | 'thinking',
	) => void;
	readonly end: (id: string, changes?: Partial<CallOutcome>) => void;
	readonly judge: () => void;
	readonly rule: (changes?: Partial<Verdict>) => void;
};

export const smallViewport: Viewport = {
	panes: {width: 30, height: 4},
	arbiter: {width: 40, height: 5},
	zoom: null,
};

export function liveRun(
	count: number,
	{
		models = ['some/luna'],
		...changes
	}: Partial<SavedConsortium> & {readonly models?: readonly string[]} = {},
): LiveRun {
	const consortium: SavedConsortium = {
		...consortiumDefaults,
		name: 'trio',
		members: models.map((model, index) => ({
			slot: `m${index}`,
			model,
			count: Math.floor(count / models.length),
		})),
		arbiters: [{model: 'some/opus'}],
		...changes,
	};
	const instances = instancesOf(consortium);
	const ids = instances.map(({id}) => id);
	let now = 1_000_000;
	let seq = 0;
	let iteration = 0;
	let everyMs: number | null = null;
	let tick = () => {};

	const store = createRunStore({
		now: () => now,
		every(callback, delayMs) {
			everyMs = delayMs;
			tick = callback;
			return () => {
				everyMs = null;
			};
		},
	});
	store.setViewport(smallViewport);

	const say = (body: RunEventBody) => {
		const event: RunEvent = {...body, runId: 'run', seq: seq++, t: now};
		store.listen(event);
	};

	const callOf = (speaker: string) => `${speaker}-${iteration}`;

	const start = (speaker: string, isMember: boolean) => {
		say({
			type: 'call-start',
			callId: callOf(speaker),
			iteration,
			speaker,
			purpose: isMember ? 'answer' : 'synthesis',
			model: instances.find(({id}) => id === speaker)?.model ?? 'some/opus',
			transcriptId: speaker,
			system: null,
			options: {},
			templateHash: null,
			message: ['Why?'],
			extends: null,
			labels: null,
			cache: null,
			reservedUsd: null,
		});
	};

	const end = (id: string, parts: Partial<CallOutcome> = {}) => {
		const call = store.picture().calls.get(callOf(id))!;
		say({
			type: 'call-end',
			callId: callOf(id),
			iteration,
			speaker: id,
			purpose: call.start.purpose,
			outcome: outcome({text: call.text, thinking: call.thinking, ...parts}),
			committed: true,
		});
	};

	say({
		type: 'run-start',
		conversationId: 'chat',
		turn: 1,
		previousRunId: null,
		kind: 'ask',
		derivedFrom: null,
		prompt: 'Why is the sky blue?',
		consortium,
		instances: instances.map(each => ({
			...each,
			transcriptId: each.id,
			standing: 'new' as const,
		})),
		arbiters: [{id: 'arbiter#1', model: 'some/opus', transcriptId: 'arbiter'}],
		simulated: false,
		seed: 1,
		templates: {},
	});

	return {
		store,
		ids,
		say,
		tickMs: () => everyMs,
		pass(durationMs) {
			now += durationMs;
			tick();
		},
		ask() {
			iteration++;
			say({type: 'iteration-start', iteration, instances: ids});

			for (const id of ids) {
				start(id, true);
				say({type: 'call-send', callId: callOf(id), attempt: 1});
			}
		},
		speak(id, text, channel = 'text') {
			say({type: 'call-delta', callId: callOf(id), channel, text});
		},
		end,
		judge() {
			start('arbiter#1', false);
			say({type: 'call-send', callId: callOf('arbiter#1'), attempt: 1});
		},
		rule(parts = {}) {
			end('arbiter#1');
			say({
				type: 'verdict',
				iteration,
				arbiter: 'arbiter#1',
				callId: callOf('arbiter#1'),
				labels: {},
				verdict: {...verdict, ...parts},
			});
		},
	};
}
