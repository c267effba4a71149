import {UserError} from '../../core/user-error.js';
import {type ModelEntry} from '../services.js';
import {piece, type Piece} from './rows.js';

/**
What is known of a model: whether it can be asked, and what a million tokens cost.
*/
export function aboutModel({
	isReady,
	inputUsd,
	outputUsd,
}: ModelEntry): Piece[] {
	const price = (usd: number | null) => (usd === null ? '?' : `$${usd}`);

	return [
		...(inputUsd === null && outputUsd === null
			? []
			: [piece(`${price(inputUsd)} in ${price(outputUsd)} out · `, 'dim')]),
		isReady ? piece('✓ ready', 'good') : piece('✗ key missing', 'warn'),
	];
}

/**
What a reader returns, or the mistake it finds.
*/
export function orMistake<Value>(read: () => Value): Value | UserError {
	try {
		return read();
	} catch (error) {
		if (error instanceof UserError) {
			return error;
		}

		throw error;
	}
}
