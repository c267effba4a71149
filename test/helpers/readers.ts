import {type ModelRequest} from '../../source/core/model.js';
import {restoreConversation} from '../../source/core/conversation.js';
import {type SavedConsortium} from '../../source/core/consortium.js';
import {type RunEvent} from '../../source/core/events.js';
import {pictureOf} from './derived.js';
import {
	fakeModel,
	type Beat,
	type FakeModel,
	type FakeOptions,
} from './fake-model.js';
import {play, type Played} from './play.js';
import {type StillWorld} from './world.js';

/**
A model whose reply follows from what it is sent, so that it says the same in a run that was broken off and resumed.
*/
export function modelThat(
	reply: (request: ModelRequest) => string | readonly Beat[],
	options: FakeOptions = {},
): FakeModel {
	const {heard, ...model} = fakeModel([], options);

	return {
		...model,
		heard,
		async *call(request, signal) {
			heard.push(structuredClone(request));
			const said = reply(request);
			const script = typeof said === 'string' ? [said] : said;
			yield* fakeModel([script]).call(request, signal);
		},
	};
}

/**
The texts that an arbiter is shown, by label.
*/
export function answersIn({messages}: ModelRequest): Map<string, string> {
	const {role, ...last} = messages.at(-1)!;
	const text = 'parts' in last ? last.parts.join('\n') : '';

	return new Map(
		text
			.matchAll(
				/\[[\da-f]{32} answer ([A-Z]+)(?: \([^\]]*)?\]\n([^]*?)\n\[[\da-f]{32} end of answer/gv,
			)
			.map(([, label, answer]) => [label!, answer!]),
	);
}

/**
How often a model has answered before, in the transcript it is sent.
*/
export const saidBefore = ({messages}: ModelRequest): number =>
	messages.filter(({role}) => role === 'assistant').length;

/**
Resume a run of which only the first `count` events were told.
*/
export async function resumedAfter(
	count: number,
	{events}: Pick<Played, 'events'>,
	{
		cast,
		consortium,
		world,
		onEvent,
	}: {
		readonly cast: Readonly<Record<string, FakeModel>>;
		readonly consortium: Partial<SavedConsortium>;
		readonly world: StillWorld;
		readonly onEvent?: (event: RunEvent) => void;
	},
): Promise<Played> {
	const told = events.slice(0, count);
	const run = pictureOf(told);
	const more = await play(cast, {
		prompt: run.start!.prompt,
		consortium,
		world,
		...(onEvent && {onEvent}),
		conversation: restoreConversation(world, run.start!.conversationId, [run]),
		from: {kind: 'resume', run, redo: []},
	});

	return {events: [...told, ...more.events], result: more.result};
}
