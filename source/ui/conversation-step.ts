import {type AppState, type Step} from './app-state.js';
import {conversationsOf} from './overlays/conversations.js';
import {type Request} from './requests.js';
import {told} from './told.js';

export type ConversationCommand =
	'conversations' | 'continue' | 'resume' | 'fork' | 'back' | 'rename' | 'new';

/**
Go on with a conversation, from another place of it, or with its last run.
*/
export function conversationStep(
	state: AppState,
	id: ConversationCommand,
	argument: string,
): Step {
	switch (id) {
		case 'conversations': {
			return opened(state, argument);
		}

		case 'continue': {
			return continued(state, argument);
		}

		case 'resume': {
			return resumed(state, argument);
		}

		case 'fork': {
			return whileIdle(state, forked(state, argument));
		}

		case 'back': {
			return whileIdle(state, steppedBack(state, argument));
		}

		case 'rename': {
			return renamed(state, argument);
		}

		case 'new': {
			return whileIdle(state, asking(state, {type: 'new-conversation'}));
		}
	}
}

const asking = (state: AppState, request: Request): Step => ({
	state,
	requests: [request],
});

const whileIdle = (state: AppState, step: Step): Step =>
	state.running
		? told(state, 'A run is going on. Cancel it first (Esc), or wait.')
		: step;

function opened(state: AppState, query: string): Step {
	return {
		state: {
			...state,
			overlays: [
				...state.overlays,
				conversationsOf(state.conversationId, query),
			],
		},
		requests: [
			{type: 'load', what: {kind: 'conversations', query, before: null}},
		],
	};
}

/**
The ids of the log, so that those who do not see the list can name one.
*/
const wholeId = /^[\da-hjkmnp-tv-z]{26}$/i;

function continued(state: AppState, argument: string): Step {
	const isNamed = wholeId.test(argument);
	const isFresh = argument === '' && state.turns.length === 0 && !state.running;
	const id = isNamed ? argument.toUpperCase() : 'latest';

	return isNamed || isFresh
		? whileIdle(state, asking(state, {type: 'continue', id, afterTurn: null}))
		: opened(state, argument);
}

function resumed(state: AppState, argument: string): Step {
	const budgetUsd = argument === '' ? null : usdIn(argument);

	return budgetUsd !== null && Number.isNaN(budgetUsd)
		? told(
				state,
				'Say what the whole run may cost, in US dollars, such as /resume 0.50',
			)
		: whileIdle(state, asking(state, {type: 'resume', budgetUsd}));
}

/**
US dollars, more than 0; NaN for anything else.
*/
export function usdIn(text: string): number {
	const isNumber = /^\$?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text);
	const usd = isNumber ? Number(text.replace('$', '')) : 0;
	return usd > 0 ? usd : NaN;
}

/**
Its questions, each by the first way it was put.
*/
function questionsOf({turns}: AppState): Array<{turn: number; prompt: string}> {
	return turns.filter(
		({turn}, index) => turns.findIndex(each => each.turn === turn) === index,
	);
}

const none = (state: AppState) =>
	told(state, 'Nothing was asked in this conversation yet.');

function forked(state: AppState, argument: string): Step {
	const questions = questionsOf(state);
	const last = questions.at(-1)?.turn;

	if (last === undefined) {
		return none(state);
	}

	const afterTurn = argument === '' ? last : Number(argument);

	return questions.some(({turn}) => turn === afterTurn)
		? asking(state, {type: 'fork', afterTurn, question: null})
		: told(
				state,
				`There is no question ${argument}; they are numbered from 1 to ${last}.`,
			);
}

function steppedBack(state: AppState, argument: string): Step {
	const questions = questionsOf(state);
	const count = argument === '' ? 1 : Number(argument);
	const left = questions.at(-count);

	if (questions.length === 0) {
		return none(state);
	}

	return left && Number.isSafeInteger(count) && count > 0
		? asking(state, {
				type: 'fork',
				afterTurn: questions.at(-count - 1)?.turn ?? 0,
				question: left.prompt,
			})
		: told(
				state,
				`Say behind how many questions, from 1 to ${questions.length}.`,
			);
}

function renamed(state: AppState, name: string): Step {
	const {conversationId: id} = state;

	if (id === null) {
		return none(state);
	}

	return name === ''
		? told(state, 'Say the name, such as /rename Which database')
		: asking(state, {type: 'rename-conversation', id, name});
}
