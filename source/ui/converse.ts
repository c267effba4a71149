import {UserError} from '../core/user-error.js';
import {type Notice} from './app-state.js';
import {confirmOf} from './overlays/confirm.js';
import {type Request} from './requests.js';
import {tell} from './runner.js';
import {type Continued} from './services.js';
import {type Surroundings} from './surroundings.js';
import {endingOf, isResumable} from './turn-facts.js';
import {readConversation} from './read-conversation.js';
import {turnsOf, turnViewOf} from './turn-view.js';

export type ConversationRequest = Extract<
	Request,
	{
		readonly type:
			| 'new-conversation'
			| 'open-conversation'
			| 'continue'
			| 'fork'
			| 'rename-conversation'
			| 'delete-conversation'
			| 'restore-conversation'
			| 'resume';
	}
>;

/**
Begin, open, or go on with a conversation; or change what the log says of one.

@throws UserError with a sentence for the person.
*/
export async function converse(
	request: ConversationRequest,
	surroundings: Surroundings,
): Promise<void> {
	const {services, store, runner} = surroundings;

	switch (request.type) {
		case 'new-conversation': {
			runner.forget();
			store.dispatch({type: 'cleared'});
			break;
		}

		case 'open-conversation': {
			await readConversation(request.entry, surroundings);
			break;
		}

		case 'continue': {
			const {id, afterTurn} = request;
			const {escapes} = store.state();
			assertIdle(surroundings);
			const continued = await services.continueConversation(id, afterTurn);

			if (store.state().escapes === escapes) {
				assertIdle(surroundings);
				goOnWith(continued, surroundings);
			}

			break;
		}

		case 'fork': {
			fork(request, surroundings);
			break;
		}

		case 'rename-conversation': {
			const {id, name} = request;
			await services.renameConversation(id, name);
			became(id, 'renamed', surroundings);
			tell(
				store,
				name === ''
					? 'It is called by its first question again.'
					: `Its name is “${name}” now.`,
				'good',
			);
			break;
		}

		case 'delete-conversation': {
			await remove(request.id, surroundings);
			break;
		}

		case 'restore-conversation': {
			await services.restoreConversation(request.id);
			became(request.id, 'restored', surroundings);
			break;
		}

		case 'resume': {
			resume(request, surroundings);
			break;
		}
	}
}

function assertIdle({runner}: Pick<Surroundings, 'runner'>): void {
	if (runner.control()) {
		throw new UserError(
			'A run is going on.',
			'Cancel it first (Esc), or wait; then go on with another conversation.',
		);
	}
}

/**
Show a conversation at its end, and ask in it from now on.
*/
export function goOnWith(
	{conversation, pictures, choice, notices}: Continued,
	{store, runner}: Pick<Surroundings, 'store' | 'runner'>,
): void {
	const isFork = pictures.at(-1)?.start?.conversationId !== conversation.id;
	show(
		{conversation, pictures},
		{
			choice,
			notice: {
				text: [
					isFork
						? `A fork after question ${conversation.turn}: the conversation it comes from stays as it is.`
						: 'The conversation goes on.',
					...notices,
					...(isFork ? [] : brokenOff(pictures)),
				].join(' '),
				tone: notices.length > 0 ? 'warn' : 'plain',
			},
		},
		{store, runner},
	);
}

function brokenOff(pictures: Continued['pictures']): string[] {
	const turn = turnViewOf(pictures.at(-1)!);

	return turn && isResumable(turn)
		? [`Its last run was ${endingOf(turn).word}: /resume goes on with it.`]
		: [];
}

function show(
	{conversation, pictures}: Pick<Continued, 'conversation' | 'pictures'>,
	{
		choice,
		notice,
	}: {readonly choice: Continued['choice'] | null; readonly notice: Notice},
	{store, runner}: Pick<Surroundings, 'store' | 'runner'>,
): void {
	const last = pictures.at(-1)?.start;
	runner.take(conversation, pictures);
	store.dispatch({
		type: 'continued',
		// A fork is in the log as soon as something was asked in it.
		conversationId:
			last?.conversationId === conversation.id ? conversation.id : null,
		turns: turnsOf(pictures),
		runs: pictures.flatMap(picture => turnViewOf(picture) ?? []),
		instances: (last?.instances ?? []).map(({id}) => id),
		choice,
		notice,
	});
}

/**
Go on from an earlier place of the conversation on the screen; it stays as it is in the log.
*/
function fork(
	{afterTurn, question}: Extract<Request, {type: 'fork'}>,
	{services, store, runner}: Surroundings,
): void {
	const kept = runner
		.pictures()
		.filter(({start}) => start !== null && start.turn <= afterTurn);
	const before = store.state().isLogged
		? 'The conversation as it was is in Ctrl+O.'
		: 'Nothing is logged, so that what was left behind is gone.';
	const where =
		question === null
			? `A fork after question ${afterTurn}.`
			: `Back before question ${afterTurn + 1}, which is in the box to be put otherwise.`;

	show(
		{conversation: services.newConversation(kept), pictures: kept},
		{choice: null, notice: {text: `${where} ${before}`, tone: 'plain'}},
		{store, runner},
	);

	if (question !== null) {
		store.dispatch({type: 'returned', text: question});
	}
}

/**
The one on the screen is left with it.
*/
async function remove(id: string, surroundings: Surroundings): Promise<void> {
	const {services, store, runner} = surroundings;
	const isOpenNow = store.state().conversationId === id;

	try {
		if (isOpenNow) {
			assertIdle(surroundings);
		}

		await services.deleteConversation(id);
	} catch (error) {
		became(id, 'restored', surroundings);
		throw error;
	}

	became(id, 'deleted', surroundings);

	if (isOpenNow) {
		runner.forget();
		store.dispatch({type: 'cleared'});
	}
}

function became(
	id: string,
	what: 'renamed' | 'deleted' | 'restored',
	{store}: Pick<Surroundings, 'store'>,
): void {
	store.dispatch({
		type: 'loaded',
		loaded: {kind: 'conversation', id, became: what},
	});
}

/**
Go on with the last run. One that met its budget needs another one.
*/
function resume(
	{budgetUsd}: Extract<Request, {type: 'resume'}>,
	{store, runner, runs}: Surroundings,
): void {
	const {result, start} = runs.picture();
	const budget = start?.consortium.limits.budgetUsd ?? null;
	const reason = result?.reasons[0] ?? '';

	if (
		budgetUsd === null &&
		budget !== null &&
		result?.status === 'limited' &&
		reason.startsWith('The budget')
	) {
		store.dispatch({
			type: 'asked',
			overlay: confirmOf(
				`${reason} Resume it with twice the budget, $${2 * budget} in all? /resume USD names another.`,
				{type: 'resume', budgetUsd: 2 * budget},
			),
		});
		return;
	}

	runner.resume(budgetUsd === null ? {} : {budgetUsd});
}
