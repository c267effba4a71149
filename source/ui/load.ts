import {type AppStore} from './app-store.js';
import {type Loaded, type Wanted} from './requests.js';
import {type Services} from './services.js';

/**
Fetch what an overlay wants to know, and tell it.

@throws UserError with a sentence for the person.
*/
export async function load(
	what: Wanted,
	{services, store}: {readonly services: Services; readonly store: AppStore},
): Promise<void> {
	store.dispatch({type: 'loaded', loaded: await loaded(what, services)});
}

async function loaded(what: Wanted, services: Services): Promise<Loaded> {
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

		case 'conversations': {
			const {query, before} = what;
			const entries = await services.conversations(query, before);
			return {kind: 'conversations', query, before, entries};
		}
	}
}
