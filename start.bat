@echo off
rem Does on Windows what "make lab" does elsewhere: install what is missing, then open the course.
rem Double-click on it, or type .\start.bat in a terminal. What follows it goes to JupyterLab.
rem Only ASCII here: cmd reads this file in the code page of the computer.

rem pushd, not cd: it also gives a folder on a network drive a letter of its own.
pushd "%~dp0"
if errorlevel 1 goto failed

rem py comes with Python's own installer. From Microsoft's store there is python alone.
set "LAUNCHER=py -3"
%LAUNCHER% -c "" >nul 2>nul
if errorlevel 1 set "LAUNCHER=python"
%LAUNCHER% -c "" >nul 2>nul
if errorlevel 1 goto missing

%LAUNCHER% -m tools.install
if errorlevel 1 goto failed
.venv\Scripts\python.exe -m tools.start %*
if errorlevel 1 goto failed
popd
exit /b 0

:missing
echo There is no Python here: install it from www.python.org, then start this again.

:failed
rem Or the window that a double click opened closes before anybody can read it.
pause
popd
exit /b 1
