import {Box, Text} from 'ink';
import {memo} from 'react';
import {plain} from '../../text/plain.js';
import {shareText} from '../../text/phrases.js';
import {type Choice} from '../services.js';
import {type Theme} from '../theme.js';

type Line = {
	readonly label: string;
	readonly text: string;
	readonly tone?: keyof Theme;
};

/**
The screen before the first question: who will be asked, and what can be done.
*/
export const Welcome = memo(drawWelcome);

function drawWelcome({
	choice,
	local,
	isKeyless,
	rows,
	theme,
}: {
	readonly choice: Choice | null;

	/**
	The name of a consortium of local models that was found; null without one.
	*/
	readonly local: string | null;
	readonly isKeyless: boolean;
	readonly rows: number;
	readonly theme: Theme;
}) {
	const lines = choice ? linesOf(choice, {local, isKeyless}) : [];
	const shown = lines.slice(0, Math.max(0, rows - 2));

	return (
		<Box
			flexDirection="column"
			height={rows}
			paddingX={2}
			justifyContent="center"
			overflow="hidden"
		>
			<Text {...theme.accent}>consortium-tui</Text>
			<Text> </Text>
			{shown.map(({label, text, tone = 'plain'}) => (
				<Text key={label + text} wrap="truncate">
					<Text {...theme.dim}>{label.padEnd(12)}</Text>
					<Text {...theme[tone]}>{plain(text)}</Text>
				</Text>
			))}
		</Box>
	);
}

function linesOf(
	{consortium, kind, arbiter}: Choice,
	{
		local,
		isKeyless,
	}: {readonly local: string | null; readonly isKeyless: boolean},
): Line[] {
	const {members, arbiters, memory, maxIterations, stop} = consortium;

	return [
		{
			label: 'consortium',
			text:
				kind === 'built-in'
					? `${consortium.name} (simulated: its answers mean nothing)`
					: kind === 'chosen'
						? `${consortium.name} (chosen by the keys there are; nothing is saved yet)`
						: consortium.name,
			tone: 'heading',
		},
		{
			label: 'asks',
			text: members
				.map(({model, count}) => (count === 1 ? model : `${model} ×${count}`))
				.join(', '),
		},
		{
			label: 'weighs',
			text:
				arbiters.map(({model}) => model).join(', ') ||
				(arbiter === undefined
					? 'chosen when it is asked'
					: `${arbiter} (the strongest with a key, as none is named)`),
		},
		{
			label: 'until',
			text: `${stop} ≥ ${shareText(consortium.confidenceThreshold)}, at most ${maxIterations} iteration${maxIterations === 1 ? '' : 's'}, memory ${memory}`,
		},
		...(isKeyless
			? [
					{
						label: 'keys',
						text: `No provider has a key yet: /key adds one.${local === null ? '' : ` A local model answers: /switch ${local}`}`,
						tone: 'warn' as const,
					},
				]
			: []),
		{label: '', text: ' '},
		{
			label: 'Enter',
			text: 'sends a question   / commands   Ctrl+K consortiums   F1 keys',
			tone: 'dim',
		},
	];
}
