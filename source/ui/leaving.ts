import {cleaned} from '../text/cleaner.js';
import {type AppState} from './app-state.js';
import {endingOf, factsOf} from './turn-facts.js';
import {type TurnView} from './turn-view.js';

/**
The command that goes on with the conversation; null when the log does not have it.
*/
export function continuation({
	conversationId,
	isLogged,
}: Pick<AppState, 'conversationId' | 'isLogged'>): string | null {
	return conversationId !== null && isLogged
		? `consortium-tui chat --cid ${conversationId}`
		: null;
}

export type Leave = {
	/**
	Columns of the terminal.
	*/
	readonly width: number;

	/**
	The command that goes on with the conversation; null when nothing does.
	*/
	readonly continueWith: string | null;
};

/**
What stays on the terminal: each question with its final answer, as it was written and in lines as long as they were, so that it can be copied, and how that went. Empty when nothing was asked.
*/
export function leavingText(
	turns: readonly TurnView[],
	{width, continueWith}: Leave,
): string {
	if (turns.length === 0) {
		return '';
	}

	const rule = '─'.repeat(Math.max(1, width));
	const told = turns.map(turn => `${turnText(turn)}\n`).join(`\n${rule}\n\n`);
	return continueWith === null
		? told
		: `${told}\n${rule}\n\nContinue with: ${continueWith}\n`;
}

function turnText(turn: TurnView): string {
	const {sign, word, reasons} = endingOf(turn);
	const answer = turn.result?.answer ?? null;
	const question = cleaned(turn.prompt)
		.trim()
		.split('\n')
		.map(line => `> ${line}`.trimEnd());

	return [
		...question,
		'',
		answer === null ? '(no answer)' : cleaned(answer).trim(),
		'',
		cleaned([`${sign} ${word}`, ...factsOf(turn)].join(' · ')),
		...reasons.map(reason => `  ${cleaned(reason)}`),
	].join('\n');
}
