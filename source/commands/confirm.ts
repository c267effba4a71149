import {createInterface} from 'node:readline/promises';
import {UserError} from '../core/user-error.js';
import {type Place} from './command.js';

/**
Ask before something is lost: true after `y` or `yes`. Without a terminal nobody can answer.

@throws UserError without a terminal, with the hint: what to type to go without the question.
*/
export async function confirm(
	{stdin, stderr}: Place,
	question: string,
	hint = 'Add --force if that is what you want.',
): Promise<boolean> {
	if (!stdin.isTTY || !stderr.isTTY) {
		throw new UserError(question, hint);
	}

	const lines = createInterface({input: stdin, output: stderr});

	try {
		const closed = new Promise<string>(resolve => {
			lines.once('close', () => {
				resolve('');
			});
		});
		const answer = await Promise.race([
			lines.question(`${question} [y/N] `),
			closed,
		]);
		return /^y(?:es)?$/i.test(answer.trim());
	} finally {
		lines.close();
	}
}
