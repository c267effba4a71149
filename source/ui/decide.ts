import {type Request} from './requests.js';
import {tell} from './runner.js';
import {type Surroundings} from './surroundings.js';

/**
Keep a decision about a doubt, or take it back; what could not be kept is told to the list.

@throws UserError with a sentence for the person.
*/
export async function decide(
	request: Extract<Request, {readonly type: 'decide-doubt' | 'undo-decision'}>,
	{services, store}: Pick<Surroundings, 'services' | 'store'>,
): Promise<void> {
	const became = (id: string, what: 'decided' | 'open') => {
		store.dispatch({
			type: 'loaded',
			loaded: {kind: 'doubt', id, became: what},
		});
	};

	if (request.type === 'decide-doubt') {
		const {id, choice} = request;

		try {
			await services.decideDoubt(id, choice);
		} catch (error) {
			became(id, 'open');
			throw error;
		}

		return;
	}

	const {id} = request;

	try {
		const undone = await services.undoDecision(id);

		if (undone === null) {
			tell(store, 'There is no decision to take back.');
		} else if (id === null) {
			became(undone, 'open');
			tell(store, 'The last decision is taken back: the answer is open again.');
		}
	} catch (error) {
		if (id !== null) {
			became(id, 'decided');
		}

		throw error;
	}
}
