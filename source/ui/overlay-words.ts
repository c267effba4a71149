import {momentText} from '../text/phrases.js';
import {commands} from './commands.js';
import {faceOf} from './overlays/face.js';
import {shownIn, type Conversations} from './overlays/conversations.js';
import {nothingOpen, openIn, pickedIn, type Review} from './overlays/review.js';
import {detailRows} from './overlays/review-rows.js';
import {oneLine} from './overlays/rows.js';
import {trustQuestion} from './overlays/trust.js';
import {type Overlay} from './overlays/overlay.js';
import {whereText} from './hit-text.js';
import {type Spent} from './spent.js';

/**
Enough for everything an overlay has to tell.
*/
const space = {columns: 100, rows: 10_000};

/**
What an overlay says, for those who do not see it; null while it still waits for what it shows. What is chosen or filled in on the screen is a slash command here, or a command of the program.
*/
export function overlayWords(overlay: Overlay, screen: Spent): string | null {
	const {title, rows} = faceOf(overlay, {...space, screen});
	const lines = rows.map(row =>
		row
			.map(({text}) => text)
			.join('')
			.trimEnd(),
	);
	const told = [title, ...lines].join('\n').trimEnd();

	switch (overlay.type) {
		case 'switcher': {
			const names = overlay.choices.map(({consortium}) => consortium.name);
			return `Consortiums: ${names.join(', ')}. Switch with /switch NAME.`;
		}

		case 'form': {
			return 'Change one thing with /set KEY=VALUE, or leave and use: consortium-tui edit NAME';
		}

		case 'palette': {
			return 'Type /help for all commands.';
		}

		case 'key-entry': {
			return 'Leave, and store a key with: consortium-tui keys set PROVIDER';
		}

		case 'model-picker': {
			return 'A model is swapped on the screen only.';
		}

		case 'conversations': {
			return overlay.entries === null ? null : conversationWords(overlay);
		}

		case 'review': {
			return overlay.entries === null ? null : reviewWords(overlay);
		}

		case 'fork': {
			return 'Fork the conversation that goes on with /fork QUESTION.';
		}

		case 'rename': {
			return 'Rename the conversation that goes on with /rename NAME.';
		}

		case 'confirm': {
			return `${overlay.question}\nType y for yes; anything else is a no.`;
		}

		case 'trust': {
			return [
				trustQuestion(overlay),
				...overlay.commands,
				'Type y to run it, now and without this question in future; anything else is a no.',
			].join('\n');
		}

		case 'help': {
			return helpWords();
		}

		case 'costs':
		case 'reader': {
			return told;
		}
	}
}

function conversationWords(overlay: Conversations): string {
	const shown = shownIn(overlay);
	const lines = shown.flatMap(
		({id, title, turns, forkedFrom, isBrokenOff, isImported, hit}) => [
			`${id}: ${oneLine(title)}, ${turns} turn${turns === 1 ? '' : 's'}${forkedFrom === null ? '' : ', fork'}${isBrokenOff ? ', broken off' : ''}${isImported ? ', imported' : ''}`,
			...(hit
				? [
						`  ${oneLine(`${whereText(hit)}: ${hit.snippet.map(({text}) => text).join('')}`)}`,
					]
				: []),
		],
	);

	return lines.length === 0
		? 'Nothing was found in the log.'
		: [
				'Earlier conversations',
				...lines,
				'Go on with one: /continue ID. Look for one: /continue WORDS.',
				...(shown.some(({isImported}) => isImported)
					? [
							'An imported one is read outside: consortium-tui logs list --cid ID',
						]
					: []),
			].join('\n');
}

/**
The answers with their numbers, or what was wished of one.
*/
function reviewWords(review: Review): string {
	const {open, wish, said, last} = review;

	if (said !== null || last !== null) {
		return said ?? `${last!}. Take it back with /review undo.`;
	}

	if (open === 0) {
		return nothingOpen.join(' ');
	}

	if (wish !== null) {
		return [
			...detailRows(pickedIn(review)!, null, wordsWidth).map(row =>
				row.map(({text}) => text).join(''),
			),
			`Decide with /review ${wish.answer} accept N or /review ${wish.answer} none.`,
		].join('\n');
	}

	return [
		`${open} answer${open === 1 ? '' : 's'} to be decided: which run an answer belongs to.`,
		...openIn(review).map(
			({reason, response}, index) =>
				`${index + 1}: ${oneLine([...(response ? [response.model] : []), ...(typeof response?.at === 'number' ? [momentText(response.at, 's')] : []), reason].join(', '))}`,
		),
		'Hear one with /review NUMBER; take the last decision back with /review undo.',
	].join('\n');
}

/**
Too narrow for two texts side by side.
*/
const wordsWidth = 80;

function helpWords(): string {
	const lines = commands.flatMap(({slash, argument, title}) =>
		slash === null
			? []
			: `/${slash}${argument === null ? '' : ` ${argument}`}: ${slash === 'help' ? 'Show these commands' : title}`,
	);
	return ['Commands', ...lines].join('\n');
}
