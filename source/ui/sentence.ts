import {UserError} from '../core/user-error.js';
import {plain} from '../text/plain.js';

/**
What to tell a person of something that failed: the sentence and what to do, on one line. A mistake of ours says that it is one.
*/
export function sentenceOf(error: unknown): string {
	if (error instanceof UserError) {
		return plain([error.message, error.hint].filter(Boolean).join(' '))
			.replaceAll(/\s+/g, ' ')
			.trim();
	}

	const message = error instanceof Error ? error.message : String(error);
	return `This is a bug: ${plain(message)}`.replaceAll(/\s+/g, ' ').trim();
}
