import {type Request} from './requests.js';
import {type Surroundings} from './surroundings.js';

/**
Keep a decision about a doubt, or take it back; what could not be kept is told to the list.

@throws UserError with a sentence for the person.
*/
export async function decide(
	request: Extract<Request, {readonly type: 'decide-doubt' | 'undo-decision'}>,
	{services, store}: Pick<Surroundings, 'services' | 'store'>,
): Promise<void> {
	const {id} = request;
	const became = (what: 'decided' | 'open') => {
		store.dispatch({
			type: 'loaded',
			loaded: {kind: 'doubt', id, became: what},
		});
	};

	const isDecision = request.type === 'decide-doubt';

	try {
		await (isDecision
			? services.decideDoubt(id, request.choice)
			: services.undoDecision(id));
	} catch (error) {
		became(isDecision ? 'open' : 'decided');
		throw error;
	}
}
