import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {Abort} from '../../source/core/abort.js';
import {memoryModes} from '../../source/core/consortium.js';
import {type RunEvent} from '../../source/core/events.js';
import {createRunControl} from '../../source/core/run-control.js';
import {answersOf} from '../../source/core/answers.js';
import {UserError} from '../../source/core/user-error.js';
import {createTable, pictureOf} from '../helpers/derived.js';
import {fakeModel, type FakeModel} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {type Played} from '../helpers/play.js';
import {arbiterScripts, memberScripts} from '../helpers/random-scripts.js';

const verbs = [
	'stop',
	'answerNow',
	'retry',
	'swap',
	'swapInVain',
	'leaveOut',
	'putBack',
	'cancel',
] as const;

const act = fc.record({
	at: fc.nat(60),
	verb: fc.oneof(
		{weight: 6, arbitrary: fc.constantFrom('retry', 'swap', 'leaveOut')},
		{weight: 3, arbitrary: fc.constantFrom(...verbs)},
	),
	who: fc.nat(2),
	isAtOnce: fc.boolean(),
});
const acts = fc.array(act, {maxLength: 8});

type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

/**
Options with which a person does all this while a run goes on. What was taken up is noted in `taken`.
*/
function personWith(
	deeds: readonly Act[],
	{
		table,
		others,
		taken,
	}: {
		readonly table: ReturnType<typeof createTable>;
		readonly others: readonly FakeModel[];
		readonly taken: Set<string>;
	},
) {
	const control = createRunControl();
	const controller = new AbortController();
	const callIds = new Map<string, string>();

	const does = ({verb, who}: Act): boolean => {
		const instance = `m${who}#1`;
		const callId = callIds.get(instance) ?? 'none';

		switch (verb) {
			case 'stop':
			case 'leaveOut':
			case 'putBack': {
				return control[verb](callId);
			}

			case 'answerNow': {
				return control.answerNow();
			}

			case 'retry': {
				return control.retry(instance);
			}

			case 'swap': {
				return control.swap(instance, `new/${who}`);
			}

			case 'swapInVain': {
				return control.swap(instance, 'nothing');
			}

			case 'cancel': {
				controller.abort(new Abort('person'));
				return true;
			}
		}
	};

	return {
		control,
		signal: controller.signal,
		async findModel(name: string) {
			const other = others[Number(/^new\/(\d)/.exec(name)?.[1])];

			if (!other) {
				throw new Error('There is none.');
			}

			return other;
		},
		onEvent(event: RunEvent) {
			if (event.type === 'call-start') {
				callIds.set(event.speaker, event.callId);
			} else if (event.type === 'call-carry') {
				callIds.set(event.start.speaker, event.callId);
			} else if (event.type === 'call-retry' && event.startsOver) {
				setImmediate(() => {
					void table.world.pass(event.delayMs);
				});
			}

			const due = deeds.filter(({at}) => at === event.seq);

			for (const deed of due) {
				const doIt = () => {
					if (does(deed)) {
						taken.add(deed.verb);
					}
				};

				if (deed.isAtOnce) {
					doIt();
				} else {
					setImmediate(doIt);
				}
			}
		},
	};
}

test('whatever a person does at whatever moment, runs keep the grammar, end, lose no answer, and roles alternate', async () => {
	const taken = new Set<string>();
	const statuses = new Set<string>();

	await fc.assert(
		fc.asyncProperty(
			fc.array(memberScripts, {minLength: 1, maxLength: 3}),
			arbiterScripts,
			fc.array(acts, {minLength: 1, maxLength: 4}),
			fc.record({
				memory: fc.constantFrom(...memoryModes),
				kind: fc.constantFrom('retry' as const, 'rearbitrate' as const),
				redo: fc.constantFrom<Readonly<Record<string, string | null>>>(
					{},
					{'m0#1': null},
					{'m0#1': 'new/0'},
				),
			}),
			async (members, arbiter, deeds, {memory, kind, redo}) => {
				const others = members.map(script => fakeModel(script));
				const cast = {
					...Object.fromEntries(
						members.map((each, index) => [`m${index}`, fakeModel(each)]),
					),
					arbiter: fakeModel(arbiter),
				};
				const table = createTable(cast);
				let before: readonly RunEvent[] = [];

				for (const [index, each] of deeds.entries()) {
					const options = {
						...personWith(each, {table, others, taken}),
						consortium: {memory},
						prompt: index < 2 ? 'Why?' : 'And?',
					};
					// Every other run is made from the one before.
					const played =
						index % 2 === 0
							? await table.ask(options)
							: await unlessRefused(
									table.derive(kind, before, {...options, redo}),
								);

					if (played) {
						before = played.events;
						statuses.add(`${kindOf(before)} ${played.result.status}`);
						assert.deepEqual(brokenRules(before), []);
						assertNothingIsLost(before);
					}
				}

				for (const model of [...Object.values(cast), ...others]) {
					assertRolesAlternate(model);
				}
			},
		),
		{numRuns: 300},
	);

	assert.deepEqual([...taken].toSorted(), [...verbs].toSorted());
	assert.ok(statuses.has('retry converged'));
	assert.ok(statuses.has('rearbitrate converged'));
	assert.ok(statuses.has('rearbitrate unconverged'));
});

const kindOf = ([start]: readonly RunEvent[]) =>
	start?.type === 'run-start' ? start.kind : null;

/**
Where nobody answered there is nothing to judge again.
*/
async function unlessRefused(playing: Promise<Played>): Promise<Played | null> {
	try {
		return await playing;
	} catch (error) {
		if (error instanceof UserError) {
			return null;
		}

		throw error;
	}
}

function assertRolesAlternate({heard}: FakeModel): void {
	for (const {messages} of heard) {
		assert.equal(messages.length % 2, 1, 'it ends with what is asked');
		assert.deepEqual(
			messages.map(({role}) => role),
			messages.map((_message, index) =>
				index % 2 === 0 ? 'user' : 'assistant',
			),
		);
	}
}

/**
Who has answered in an iteration has an answer that counts.
*/
function assertNothingIsLost(events: readonly RunEvent[]): void {
	const run = pictureOf(events);
	const committed = new Set(
		events.flatMap(event =>
			event.type === 'call-end' && event.committed ? [event.callId] : [],
		),
	);

	for (const iteration of run.iterations) {
		for (const answer of answersOf(iteration)) {
			const {speaker} = answer.start;
			const hasCommitted = iteration.calls.some(
				({start}) => start.speaker === speaker && committed.has(start.callId),
			);
			assert.ok(
				!hasCommitted || answer.outcome?.text.trim(),
				`${speaker} has an answer`,
			);
		}
	}
}
