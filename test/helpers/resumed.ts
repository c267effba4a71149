import assert from 'node:assert/strict';
import {
	restoreConversation,
	type Conversation,
} from '../../source/core/conversation.js';
import {type RunEvent} from '../../source/core/events.js';
import {type CallPicture, type RunState} from '../../source/core/run-state.js';
import {pictureOf} from './derived.js';
import {fakeModel, type Beat, type FakeModel} from './fake-model.js';
import {play, type Played} from './play.js';
import {type StillWorld} from './world.js';

/**
What each model of a cast says, the arbiter's lines under `arbiter`.
*/
export type Scripts = Readonly<Record<string, ReadonlyArray<readonly Beat[]>>>;

export type Cast = Readonly<Record<string, FakeModel>>;

type Options = NonNullable<Parameters<typeof play>[1]>;

export const castOf = (scripts: Scripts): Cast =>
	Object.fromEntries(
		Object.entries(scripts).map(([name, lines]) => [
			name,
			fakeModel(lines, {id: name}),
		]),
	);

/**
A listener that lets the pauses between fresh attempts pass.
*/
export const passing = (world: StillWorld) => (event: RunEvent) => {
	if (event.type === 'call-retry' && event.startsOver) {
		setImmediate(() => {
			void world.pass(event.delayMs);
		});
	}
};

const isOver = ({outcome}: CallPicture) =>
	outcome !== null &&
	outcome.state !== 'cancelled' &&
	outcome.abort !== 'budget';

/**
A cast that has said what it says in the calls of this picture that were heard to their end, and goes on from there.
*/
function castAfter(
	scripts: Scripts,
	whole: Cast,
	runs: readonly RunState[],
): Cast {
	const cast = castOf(scripts);

	for (const [name, {heard}] of Object.entries(cast)) {
		const calls = runs
			.flatMap(run => run.calls.values().toArray())
			.filter(
				call =>
					call.start.model === name &&
					call.carriedFrom === null &&
					isOver(call),
			);
		const attempts = calls.reduce(
			(sum, {sentAt, brokenAttempts}) =>
				sum + brokenAttempts.length + (sentAt === null ? 0 : 1),
			0,
		);
		heard.push(...whole[name]!.heard.slice(0, attempts));
	}

	return cast;
}

/**
Resume the last of these runs, of which this much was told, in a conversation that is made of their pictures and nothing else.
*/
export async function resume(
	parts: ReadonlyArray<readonly RunEvent[]>,
	{
		scripts,
		cast: whole,
		...options
	}: Options & {
		readonly scripts: Scripts;

		/**
		That of the unbroken run.
		*/
		readonly cast: Cast;
		readonly world: StillWorld;
	},
): Promise<
	Played & {readonly conversation: Conversation; readonly cast: Cast}
> {
	const told = parts.at(-1)!;
	const pictures = parts.map(events => pictureOf(events));
	const run = pictures.at(-1)!;
	const cast = castAfter(scripts, whole, pictures);
	const conversation = restoreConversation(
		options.world,
		run.start!.conversationId,
		pictures,
	);
	const {events, result} = await play(cast, {
		onEvent: passing(options.world),
		prompt: run.start!.prompt,
		consortium: run.start!.consortium,
		...options,
		conversation,
		from: {kind: 'resume', run, redo: []},
	});

	return {events: [...told, ...events], result, conversation, cast};
}

/**
What must be the same in a run that was broken off and resumed: everything but ids, times and the calls that came to nothing.
*/
export function essence({result}: Pick<Played, 'result'>) {
	const {answer, confidence, status, reasons, iterations} = result;

	return {
		answer,
		confidence,
		status,
		reasons,
		iterations: iterations.map(({instances, verdicts}) => ({
			answers: instances
				.filter(({state}) => state !== 'cancelled')
				.map(({id, model, state, answer: text, final, confidence: own}) => ({
					id,
					model,
					state,
					text,
					final,
					own,
				}))
				.toSorted((left, right) => left.id.localeCompare(right.id)),
			verdicts: verdicts
				.filter(({problems}) => !problems.includes('It was cancelled.'))
				.map(({callId, madeOf, ...verdict}) => ({
					...verdict,
					madeOf: madeOf.length,
				})),
		})),
	};
}

/**
That everyone was sent what they are sent in the unbroken run, in the same order, and nothing twice.
*/
export function assertHeardTheSame(cast: Cast, whole: Cast): void {
	const messagesOf = ({heard}: FakeModel) =>
		heard.map(({system, messages}) => ({system, messages}));

	for (const [name, model] of Object.entries(cast)) {
		assert.deepEqual(messagesOf(model), messagesOf(whole[name]!), name);
	}
}
