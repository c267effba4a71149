import {useReducer} from 'react';
import {Box, render, Text} from 'ink';
import {menuOf} from '../../source/ui/composer/completion.js';
import {
	emptyComposer,
	pressComposer,
} from '../../source/ui/composer/composer.js';
import {ComposerBox} from '../../source/ui/composer/composer-box.js';
import {composerRows} from '../../source/ui/composer/composer-view.js';
import {SlashMenu} from '../../source/ui/composer/slash-menu.js';
import {type KeyPress} from '../../source/ui/keys.js';
import {themes} from '../../source/ui/theme.js';
import {useKeys} from '../../source/ui/use-keys.js';

const [width, height] = [40, 10];
const commands = [
	{name: 'help', argument: null, title: 'Show the keys'},
	{name: 'save', argument: '[NAME]', title: 'Save it'},
];

type State = {
	readonly composer: ReturnType<typeof emptyComposer>;
	readonly sent: readonly string[];
};

function reduce(state: State, key: KeyPress): State {
	const pressed = pressComposer(state.composer, key, {width, commands});

	return {
		composer: pressed?.composer ?? state.composer,
		sent: pressed?.event ? [...state.sent, pressed.event.text] : state.sent,
	};
}

/**
A box at the lower end of the screen, and above it how long each text was that it sent, and how it began.
*/
function ComposerApp() {
	const [{composer, sent}, press] = useReducer(reduce, {
		composer: emptyComposer(),
		sent: [],
	});
	useKeys(key => {
		if (key.chord === 'ctrl+q') {
			app.unmount();
		}

		press(key);
	});

	const rows = composerRows(composer, width, 4);
	const menu = menuOf(composer, commands);

	return (
		<Box flexDirection="column" height={height} width={width}>
			<Box flexDirection="column" flexGrow={1}>
				{sent.map(text => (
					<Text key={text}>{`sent ${text.length} ${text.slice(0, 20)}`}</Text>
				))}
			</Box>
			{menu && (
				<SlashMenu {...menu} width={width} rows={3} theme={themes.plain} />
			)}
			<ComposerBox
				isFocused
				composer={composer}
				width={width}
				rows={rows}
				top={height - rows}
				theme={themes.plain}
				prompt=">"
				placeholder="ask"
				hint="? keys"
			/>
		</Box>
	);
}

const app = render(<ComposerApp />, {
	alternateScreen: true,
	incrementalRendering: true,
	maxFps: 60,
	exitOnCtrlC: false,
});
