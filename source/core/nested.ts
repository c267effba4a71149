import {Abort} from './abort.js';
import {type Allowance} from './allowance.js';
import {instancesOf, type SavedConsortium} from './consortium.js';
import {createConversation, type Conversation} from './conversation.js';
import {type RunEvent} from './events.js';
import {type Message, type Model, type ModelRequest} from './model.js';
import {
	modelsIn,
	namesIn,
	nestedAs,
	nestedIn,
	noConsortiums,
	wholeOf,
	type Consortiums,
} from './nesting.js';
import {spoken} from './nested-reply.js';
import {noObserver} from './observation.js';
import {obstacles, unpricedEmbeddings} from './preflight.js';
import {roleTextOf} from './roles.js';
import {type RunResult} from './result.js';
import {createRunControl} from './run-control.js';
import {type RunOptions} from './run-options.js';
import {fill, type Templates} from './template.js';
import {type World} from './world.js';

/**
`runConsortium`, which cannot be imported by what it is made of.
*/
export type RunIn = (
	consortium: SavedConsortium,
	prompt: string,
	options: RunOptions,
) => AsyncGenerator<RunEvent, RunResult, void>;

type Setting = {
	readonly run: RunIn;

	/**
	Of the run it speaks in.
	*/
	readonly options: RunOptions;
	readonly allowance: Allowance;
};

/**
The members and arbiters of a consortium that are consortiums, as models. Whatever forbids one of their runs is found here, before anything is called.

@throws UserError
*/
export async function nestedModels(
	consortium: SavedConsortium,
	setting: Setting,
): Promise<ReadonlyMap<string, Model>> {
	const {
		consortiums = noConsortiums,
		roles,
		models,
		observer = noObserver,
	} = setting.options;
	const all = nestedIn(consortium, consortiums);

	for (const inner of all.values()) {
		const [obstacle] = obstacles(inner, modelsOf(inner, consortiums, models), {
			unpriced: await unpricedEmbeddings(wholeOf(inner, consortiums), observer),
		});

		if (obstacle) {
			throw obstacle;
		}

		for (const instance of instancesOf(inner)) {
			roleTextOf(instance, roles ?? new Map());
		}
	}

	return new Map(
		namesIn(consortium).flatMap(name => {
			const inner = nestedAs(name, consortium, consortiums);
			return inner ? [[name, nestedModel(name, inner, setting)] as const] : [];
		}),
	);
}

function modelsOf(
	consortium: SavedConsortium,
	consortiums: Consortiums,
	models: ReadonlyMap<string, Model>,
): ReadonlyMap<string, Model> {
	const names = modelsIn(consortium, consortiums);
	return new Map([...models].filter(([name]) => names.has(name)));
}

/**
A consortium that answers in the place of a model: each call is a run of its own, and its synthesis is the answer. It needs no state, since a request holds all that it said before. Its own calls spend from `allowance`; it costs nothing beside them.
*/
function nestedModel(
	name: string,
	consortium: SavedConsortium,
	{run, options, allowance}: Setting,
): Model {
	const {consortiums = noConsortiums, templates, world} = options;
	const {roles, observer, caching} = options;
	const models = modelsOf(consortium, consortiums, options.models);

	return {
		id: name,
		isSimulated: models.values().some(({isSimulated}) => isSimulated),
		isConsortium: true,
		promptCache: {
			kind: 'implicit',
			minimumTokens: null,
			lifetimeMs: null,
			isShared: false,
		},
		refusalOf: given =>
			Object.keys(given).length === 0
				? null
				: `"${name}" is a saved consortium and takes no options of a model.`,
		costOf: () => 0,
		async *call(request, signal, letGo = new AbortController().signal) {
			const leaving = new AbortController();
			const control = createRunControl();
			const inner = run(
				toldTo(consortium, request, templates),
				promptOf(request),
				{
					models,
					consortiums,
					templates,
					world,
					control,
					allowance,
					isMember: request.purpose === 'answer',
					conversation: conversationOf(request.messages, world),
					signal: AbortSignal.any([signal, leaving.signal]),
					...(roles && {roles}),
					...(observer && {observer}),
					caching: {...caching, isFollowUpLikely: false},
				},
			);

			try {
				yield* spoken(name, inner, {control, leaving, letGo});
			} finally {
				leaving.abort(new Abort('person'));
				await inner.return(undefined as never);
			}
		},
	};
}

const textOf = (message: Message | undefined) =>
	message?.role === 'user' ? message.parts.join('\n\n') : (message?.text ?? '');

/**
What is asked. Who weighs answers is not told how as a member would be, but as part of the question: it is the consortium as a whole that is to do it.
*/
function promptOf({system, messages, purpose}: ModelRequest): string {
	const question = textOf(messages.at(-1));

	return purpose === 'answer' || system === null
		? question
		: `${system}\n\n${question}`;
}

/**
What it said before, as the conversation it goes on with.
*/
function conversationOf(
	messages: readonly Message[],
	world: World,
): Conversation {
	const conversation = createConversation(world);
	const turn = Math.floor(messages.length / 2);

	conversation.turn = turn;
	conversation.answers = Array.from({length: turn}, (_, index) => ({
		turn: index + 1,
		question: textOf(messages[2 * index]),
		answer: textOf(messages[2 * index + 1]),
		runId: '',
		status: 'converged',
	}));
	return conversation;
}

/**
The consortium with what it is told as a member, said to each of its own members after what they are told anyway. Of that, what every member of every consortium is told is left out: they hear it already.
*/
function toldTo(
	consortium: SavedConsortium,
	{system, purpose}: ModelRequest,
	templates: Templates,
): SavedConsortium {
	const everyones = [
		fill(templates.member, {system: ''}),
		templates.system.text.trim(),
	].filter(text => text !== '');
	const own = everyones
		.reduce(
			(texts, each) => texts.flatMap(text => text.split(each)),
			[system ?? ''],
		)
		.map(text => text.trim())
		.filter(text => text !== '')
		.join('\n\n');

	if (purpose !== 'answer' || own === '') {
		return consortium;
	}

	return {
		...consortium,
		system: `${consortium.system ?? templates.system.text.trim()}\n\n${own}`,
		members: consortium.members.map(member =>
			member.system === undefined
				? member
				: {...member, system: `${member.system}\n\n${own}`},
		),
	};
}
