import {UserError} from '../core/user-error.js';
import {readAll} from '../output/standard-input.js';
import {type Place} from './command.js';

/**
The prompt: the words of the command line, then what is piped in, separated by a blank line.

@throws UserError when there is neither.
*/
export async function promptFrom(
	words: readonly string[],
	readsInput: boolean,
	{stdin, stderr}: Pick<Place, 'stdin' | 'stderr'>,
): Promise<string> {
	const piped =
		readsInput && !stdin.isTTY
			? await readAll(stdin, () => {
					stderr.write(
						'Waiting for standard input to end; --no-stdin goes on without it.\n',
					);
				})
			: '';
	const prompt = [words.join(' ').trim(), piped.trimEnd()]
		.filter(part => part.trim() !== '')
		.join('\n\n');

	if (prompt === '') {
		throw new UserError(
			'There is no prompt.',
			'Ask something: consortium-tui run -C demo "Is a tomato a fruit?"',
		);
	}

	return prompt;
}
