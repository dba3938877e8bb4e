import * as core from 'echarts/core';
import { LineChart, BarChart, ScatterChart, CustomChart } from 'echarts/charts';
import { GridComponent, DatasetComponent, TooltipComponent, AriaComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
core.use([LineChart, BarChart, ScatterChart, CustomChart, GridComponent, DatasetComponent, TooltipComponent, AriaComponent, SVGRenderer]);
export const init = core.init;
export const version = core.version;
