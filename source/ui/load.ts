import {type RunState} from '../core/run-state.js';
import {UserError} from '../core/user-error.js';
import {type Loaded, type Question, type Wanted} from './requests.js';
import {type Surroundings} from './surroundings.js';

/**
Fetch what an overlay wants to know, and tell it.

@throws UserError with a sentence for the person.
*/
export async function load(
	what: Wanted,
	surroundings: Pick<Surroundings, 'services' | 'store' | 'terminal'>,
): Promise<void> {
	const {store} = surroundings;
	store.dispatch({type: 'loaded', loaded: await loaded(what, surroundings)});
}

async function loaded(
	what: Wanted,
	{services, terminal}: Pick<Surroundings, 'services' | 'terminal'>,
): Promise<Loaded> {
	switch (what.kind) {
		case 'consortiums': {
			return {kind: 'consortiums', choices: await services.consortiums()};
		}

		case 'models': {
			return {kind: 'models', models: await services.models()};
		}

		case 'keys': {
			return {kind: 'keys', keys: await services.keys()};
		}

		case 'check': {
			const {consortium} = what;
			const check = await services.checkConsortium(consortium);
			return {kind: 'check', consortium, check};
		}

		case 'spending': {
			return {kind: 'spending', todayUsd: await services.spentToday()};
		}

		case 'rereads': {
			const usd = await Promise.all(
				what.prefixes.map(
					async ({transcriptId, model, tokens}) =>
						[
							transcriptId,
							await services.rereadUsd(model, tokens).catch(nullForUserErrors),
						] as const,
				),
			);
			return {kind: 'rereads', usd: new Map(usd)};
		}

		case 'edited': {
			const {text: before} = what;
			const text = await terminal.lend(async () => services.editText(before));
			return {kind: 'edited', before, text};
		}

		case 'conversations': {
			const {query, before} = what;
			const entries = await services.conversations(query, before);
			return {kind: 'conversations', query, before, entries};
		}

		case 'doubts': {
			const {after} = what;
			return {kind: 'doubts', after, ...(await services.doubts(after))};
		}

		case 'questions': {
			const {id} = what;
			const questions = questionsOf(await services.openConversation(id));
			return {kind: 'questions', id, questions};
		}
	}
}

/**
Each question once, however often it was asked and judged.
*/
function questionsOf(pictures: readonly RunState[]): Question[] {
	const questions = new Map(
		pictures.flatMap(({start}) =>
			start ? [[start.turn, start.prompt] as const] : [],
		),
	);

	return questions
		.entries()
		.map(([turn, prompt]) => ({turn, prompt}))
		.toArray();
}

/**
A model that cannot be called any more has no price, which is no reason to show none of the others.
*/
function nullForUserErrors(error: unknown): null {
	if (error instanceof UserError) {
		return null;
	}

	throw error;
}
