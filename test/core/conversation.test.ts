import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {Abort} from '../../source/core/abort.js';
import {memoryModes} from '../../source/core/consortium.js';
import {
	createConversation,
	restoreConversation,
	settle,
	type Conversation,
	type TranscriptKey,
} from '../../source/core/conversation.js';
import {type Derived} from '../../source/core/derive.js';
import {type RunState} from '../../source/core/run-state.js';
import {UserError} from '../../source/core/user-error.js';
import {pictureOf} from '../helpers/derived.js';
import {brokenRules} from '../helpers/grammar.js';
import {play} from '../helpers/play.js';
import {arbiterScripts, memberScripts} from '../helpers/random-scripts.js';
import {castOf, passing} from '../helpers/resumed.js';
import {resultWith} from '../helpers/turns.js';
import {stillWorld, type StillWorld} from '../helpers/world.js';

const deed = fc.record({
	kind: fc.constantFrom('ask', 'ask', 'retry', 'rearbitrate', 'resume'),
	redo: fc.constantFrom<Derived['redo']>(
		[],
		[{instance: 's0#1', model: null}],
		[{instance: 's0#1', model: 'm1'}],
	),
	memory: fc.constantFrom(...memoryModes),
	system: fc.constantFrom(null, 'Be brief.'),
	models: fc.tuple(fc.nat(1), fc.nat(1)),
	cancelAt: fc.oneof(
		{weight: 2, arbitrary: fc.constant(Infinity)},
		{weight: 1, arbitrary: fc.nat(60)},
	),
});

type Deed = typeof deed extends fc.Arbitrary<infer Value> ? Value : never;

/**
All that was said in a conversation so far, by speaker.
*/
function contentOf(conversation: Conversation, runs: readonly RunState[]) {
	const {thread, turn, previousRunId} = conversation;
	const speakers = new Map<string, TranscriptKey>();

	for (const {start} of runs.flatMap(run => run.calls.values().toArray())) {
		const {speaker: id, model, system} = start;
		speakers.set(JSON.stringify([id, model, system]), {id, model, system});
	}

	return structuredClone({
		thread,
		turn,
		previousRunId,
		transcripts: speakers
			.entries()
			.map(([name, speaker]) => {
				const {id, exchanges} = conversation.transcriptOf(speaker);
				return {name, id: exchanges.length === 0 ? null : id, exchanges};
			})
			.toArray(),
	});
}

type Content = ReturnType<typeof contentOf>;

const withoutIds = ({transcripts, ...rest}: Content) => ({
	...rest,
	transcripts: transcripts
		.map(({name, exchanges}) => ({name, exchanges}))
		.filter(({exchanges}) => exchanges.length > 0),
});

/**
Do one thing in a conversation; null when it is refused.
*/
async function act(
	{kind, redo, memory, system, models, cancelAt}: Deed,
	{
		cast,
		world,
		conversation,
		before,
	}: {
		readonly cast: ReturnType<typeof castOf>;
		readonly world: StillWorld;
		readonly conversation: Conversation;
		readonly before: RunState | undefined;
	},
): Promise<RunState | null> {
	const isNew = kind === 'ask' || !before;
	const controller = new AbortController();
	const picture = kind === 'resume' ? before : null;
	const consortium = picture?.start!.consortium ?? {
		members: models.map((model, index) => ({
			slot: `s${index}`,
			model: `m${model}`,
			count: 1,
		})),
		memory,
		...(system !== null && {system}),
	};

	try {
		const {events} = await play(cast, {
			world,
			conversation,
			signal: controller.signal,
			consortium,
			prompt: isNew
				? `Question ${conversation.turn + 1}?`
				: before.start!.prompt,
			...(!isNew && {
				from: {kind, run: before, redo: kind === 'retry' ? redo : []},
			}),
			onEvent(event) {
				passing(world)(event);

				if (event.seq === cancelAt) {
					controller.abort(new Abort('person'));
				}
			},
		});

		if (kind === 'resume' && before) {
			const resumed = structuredClone(before);
			return pictureOf(events, resumed);
		}

		assert.deepEqual(brokenRules(events), []);
		return pictureOf(events);
	} catch (error) {
		if (error instanceof UserError) {
			return null;
		}

		throw error;
	}
}

test('an answer takes the place of another unless it is worse', () => {
	for (const [before, status, counting] of [
		['converged', 'converged', 'new'],
		['converged', 'unconverged', 'new'],
		['converged', 'limited', 'new'],
		['converged', 'degraded', 'old'],
		['converged', 'cancelled', 'old'],
		['degraded', 'degraded', 'new'],
		['degraded', 'cancelled', 'old'],
		['cancelled', 'converged', 'new'],
		['cancelled', 'degraded', 'old'],
	] as const) {
		const conversation = createConversation(stillWorld());
		conversation.turn = 1;
		settle(
			conversation,
			resultWith({runId: '1', status: before, answer: 'old'}),
		);
		settle(conversation, resultWith({runId: '2', status, answer: 'new'}));
		settle(conversation, resultWith({runId: '3', status, answer: null}));
		assert.deepEqual(
			conversation.thread.map(({turn, answer}) => [turn, answer]),
			[[1, counting]],
			`${status} after ${before}`,
		);

		settle(conversation, resultWith({runId: '1', answer: null}));
		assert.equal(
			conversation.thread[0]?.answer,
			'new',
			'a run that is resumed and has no answer any more counts no more',
		);
	}
});

test('a conversation that is made from the pictures of its runs is the one that was left, and a fork the one it was then', async () => {
	const done = new Map<string, number>();

	await fc.assert(
		fc.asyncProperty(
			fc.tuple(memberScripts, memberScripts),
			arbiterScripts,
			fc.array(deed, {minLength: 1, maxLength: 7}),
			async ([first, second], arbiter, deeds) => {
				const world = stillWorld();
				const cast = castOf({m0: first, m1: second, arbiter});
				const live = createConversation(world);
				const runs: RunState[] = [];
				const afterTurn = new Map<number, Content>();

				for (const each of deeds) {
					const run = await act(each, {
						cast,
						world,
						conversation: live,
						before: runs.at(-1),
					});

					if (!run) {
						continue;
					}

					if (runs.at(-1)?.runId === run.runId) {
						runs.pop();
					}

					runs.push(run);
					done.set(each.kind, (done.get(each.kind) ?? 0) + 1);
					const content = contentOf(live, runs);
					afterTurn.set(live.turn, content);
					assert.deepEqual(
						contentOf(restoreConversation(world, live.id, runs), runs),
						content,
					);
				}

				for (const [turn, content] of afterTurn) {
					const past = runs.filter(({start}) => start!.turn <= turn);
					const fork = restoreConversation(world, 'fork', past);
					assert.deepEqual(
						withoutIds(contentOf(fork, runs)),
						withoutIds(content),
					);
				}
			},
		),
		{numRuns: 300},
	);

	for (const kind of ['ask', 'retry', 'rearbitrate', 'resume']) {
		assert.ok((done.get(kind) ?? 0) > 20, `${kind} is done`);
	}
});
