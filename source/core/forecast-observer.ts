import {type Observer} from './observation.js';

/**
Finds that no condition is met and that all answers are alike, at the price `observer` knows; how long the texts are that are compared goes into `embedded`.
*/
export function supposingObserver(
	{priceOf}: Pick<Observer, 'priceOf'>,
	embedded: Map<string, number>,
): Observer {
	return {
		priceOf,
		async observe(request) {
			if (request.kind === 'command') {
				const {kind, command} = request;
				return {kind, command, isMet: false, detail: '', problem: null};
			}

			if (request.kind === 'regex') {
				const {kind, pattern} = request;
				return {kind, pattern, isMet: false, problem: null};
			}

			const {kind, model, answers} = request;
			const calls = answers.map(({callId}) => callId);
			embedded.set(
				calls.join(' '),
				answers.reduce((sum, {text}) => sum + text.length, 0),
			);

			return {
				kind,
				model,
				instances: answers.map(({instance}) => instance),
				calls,
				matrix: answers.map(() => answers.map(() => 1)),
				costUsd: await priceOf(request),
				problem: null,
			};
		},
	};
}
