import {Box, Text, useApp, useWindowSize} from 'ink';
import {useEffect, useSyncExternalStore} from 'react';
import {type App} from './app.js';
import {Body} from './body.js';
import {type KeyPress} from './keys.js';
import {leastColumns, leastRows, screenOf, shapeOf} from './screen.js';
import {themeOf, type Surface} from './theme.js';
import {useKeys} from './use-keys.js';

type Props = {
	readonly app: App;
	readonly look: Surface;
	readonly press: (key: KeyPress) => void;

	/**
	Told how to lend the terminal, once there is a way.
	*/
	readonly onReady: (
		suspend: (work: () => Promise<void>) => Promise<void>,
	) => void;
};

/**
The whole screen: who gets which rows, and nothing else.
*/
export function Root({app, look, press, onReady}: Props) {
	const {store, runs} = app;
	const {suspendTerminal} = useApp();
	const {columns, rows} = useWindowSize();
	const state = useSyncExternalStore(store.subscribe, store.state);
	// A text: the same shape is the same value.
	const shape = useSyncExternalStore(runs.arbiter.subscribe, () =>
		JSON.stringify(shapeOf(runs)),
	);
	useKeys(press);

	useEffect(() => {
		onReady(suspendTerminal);
	}, [onReady, suspendTerminal]);

	useEffect(() => {
		store.dispatch({type: 'resized', columns, rows});
	}, [store, columns, rows]);

	const screen = screenOf(
		{...state, columns, rows},
		JSON.parse(shape) as ReturnType<typeof shapeOf>,
	);
	const theme = themeOf(state.settings.theme, {
		...look,
		background: state.background ?? look.background,
	});
	const {text} = screen.layout;
	const {pane, zoom} = state;

	useEffect(() => {
		runs.setViewport({
			panes: text.panes,
			arbiter: text.arbiter,
			zoom: zoom && {
				...text.zoom,
				target: zoom.what === 'arbiter' ? 'arbiter' : pane,
			},
		});
	});

	return (
		<Box flexDirection="column" width={columns} height={rows} overflow="hidden">
			{screen.isTooSmall ? (
				<Text wrap="truncate">
					{`Too small: ${columns}×${rows}. It needs ${leastColumns}×${leastRows}.`}
				</Text>
			) : (
				<Body app={app} state={state} screen={screen} theme={theme} />
			)}
		</Box>
	);
}
